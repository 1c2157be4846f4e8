// Package pricing asks the pricing service what a basket costs.
package pricing

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

const quoteTimeout = 800 * time.Millisecond

// Basket is what a shopper wants to buy.
type Basket struct {
	Currency string         `json:"currency"`
	Lines    map[string]int `json:"lines"`
}

// Quote is what it costs, in minor units of the currency.
type Quote struct {
	Total    int64  `json:"total"`
	Currency string `json:"currency"`
}

// Client is safe for concurrent use.
type Client struct {
	base string
	http *http.Client
}

// NewClient returns a client for the service at base, such as http://pricing:8080.
func NewClient(base string, httpClient *http.Client) *Client {
	return &Client{base: base, http: httpClient}
}

// Quote asks for the price of a basket, and waits no longer than a shopper would.
func (c *Client) Quote(ctx context.Context, basket Basket) (Quote, error) {
	ctx, cancel := context.WithTimeout(ctx, quoteTimeout)
	defer cancel()
	body, err := json.Marshal(basket)
	if err != nil {
		return Quote{}, fmt.Errorf("encode basket: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/quotes", bytes.NewReader(body))
	if err != nil {
		return Quote{}, fmt.Errorf("build quote request: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := c.http.Do(req)
	if err != nil {
		return Quote{}, fmt.Errorf("ask for quote: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return Quote{}, fmt.Errorf("ask for quote: pricing answered %s", resp.Status)
	}
	var quote Quote
	if err := json.NewDecoder(resp.Body).Decode(&quote); err != nil {
		return Quote{}, fmt.Errorf("decode quote: %w", err)
	}
	return quote, nil
}
