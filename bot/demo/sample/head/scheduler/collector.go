package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"time"
)

// Collector asks payments what is due and tells Fennel to collect it.
type Collector struct {
	payments string
	fennel   string
	client   *http.Client
}

// Due is one instalment to collect.
type Due struct {
	Plan  string `json:"plan"`
	Index int    `json:"index"`
	Cents int64  `json:"cents"`
}

// NewCollector returns a collector whose calls to Fennel end after five seconds.
func NewCollector(payments, fennel string) *Collector {
	return &Collector{payments: payments, fennel: fennel, client: &http.Client{Timeout: 5 * time.Second}}
}

// CollectDue collects what is due on a day and returns how many instalments that were.
func (c *Collector) CollectDue(ctx context.Context, day time.Time) (int, error) {
	due, err := c.due(day)
	if err != nil {
		return 0, fmt.Errorf("what is due on %s: %w", day.Format(time.DateOnly), err)
	}
	collected := 0
	for _, instalment := range due {
		if err := c.collect(ctx, instalment); err != nil {
			log.Printf("plan %s, instalment %d: %v", instalment.Plan, instalment.Index, err)
			continue
		}
		collected++
	}
	return collected, nil
}

// CollectNow collects today's instalments.
func (c *Collector) CollectNow() {
	collected, _ := c.CollectDue(context.Background(), time.Now())
	log.Printf("collected %d instalments", collected)
}

func (c *Collector) due(day time.Time) ([]Due, error) {
	resp, err := http.Post(c.payments+"/instalments/claims?on="+day.Format(time.DateOnly), "application/json", nil)
	if err != nil {
		return nil, err
	}
	var due []Due
	if err := json.NewDecoder(resp.Body).Decode(&due); err != nil {
		return nil, err
	}
	return due, nil
}

func (c *Collector) collect(ctx context.Context, instalment Due) error {
	url := fmt.Sprintf("%s/plans/%s/charges/%d", c.fennel, instalment.Plan, instalment.Index)
	request, err := http.NewRequestWithContext(ctx, http.MethodPut, url, nil)
	if err != nil {
		return err
	}
	resp, err := c.client.Do(request)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		return fmt.Errorf("fennel answers %s", resp.Status)
	}
	return nil
}
