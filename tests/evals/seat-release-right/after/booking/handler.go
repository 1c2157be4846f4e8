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
	maxLegs      = 6
)

type journey struct {
	Legs []Leg `json:"legs"`
}

type held struct {
	Holds []Hold `json:"holds"`
}

// Handler answers POST /bookings with the seats that are held, one for each leg.
func Handler(service *Service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var asked journey
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBodyBytes)).Decode(&asked); err != nil {
			http.Error(w, "expected a journey as JSON", http.StatusBadRequest)
			return
		}
		if len(asked.Legs) == 0 || len(asked.Legs) > maxLegs {
			http.Error(w, "a journey has one to six legs", http.StatusBadRequest)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), bookTimeout)
		defer cancel()
		holds, err := service.Book(ctx, asked.Legs)
		switch {
		case errors.Is(err, ErrFull):
			http.Error(w, "a train of this journey is full", http.StatusConflict)
		case err != nil:
			service.log.ErrorContext(ctx, "booking failed", "error", err)
			http.Error(w, "try again in a minute", http.StatusServiceUnavailable)
		default:
			w.Header().Set("Content-Type", "application/json")
			if err := json.NewEncoder(w).Encode(held{Holds: holds}); err != nil {
				service.log.WarnContext(ctx, "answer not sent", "error", err)
			}
		}
	}
}
