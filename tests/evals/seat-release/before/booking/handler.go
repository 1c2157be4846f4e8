package booking

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"
)

const (
	bookTimeout  = 4 * time.Second
	maxBodyBytes = 16 << 10
)

// Handler answers POST /bookings with the seat that is held.
func Handler(service *Service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var leg Leg
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBodyBytes)).Decode(&leg); err != nil {
			http.Error(w, "expected a leg as JSON", http.StatusBadRequest)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), bookTimeout)
		defer cancel()
		hold, err := service.Book(ctx, leg)
		switch {
		case errors.Is(err, ErrFull):
			http.Error(w, "this train is full", http.StatusConflict)
		case err != nil:
			service.log.ErrorContext(ctx, "booking failed", "error", err)
			http.Error(w, "try again in a minute", http.StatusServiceUnavailable)
		default:
			w.Header().Set("Content-Type", "application/json")
			if err := json.NewEncoder(w).Encode(hold); err != nil {
				service.log.WarnContext(ctx, "answer not sent", "error", err)
			}
		}
	}
}
