// Package booking holds seats for journeys.
package booking

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
)

// ErrFull is returned by Seats when a train has no seat left.
var ErrFull = errors.New("no seat left")

// Leg is one train from one station to another.
type Leg struct {
	Train    string `json:"train"`
	From     string `json:"from"`
	To       string `json:"to"`
	Category string `json:"category"`
}

// Hold is a seat that nobody else can buy for 15 minutes.
type Hold struct {
	ID   string `json:"id"`
	Leg  Leg    `json:"leg"`
	Seat string `json:"seat"`
}

// Seats is the reservation system. It gives up when the context is done.
type Seats interface {
	Hold(ctx context.Context, leg Leg) (Hold, error)
	Release(ctx context.Context, hold Hold) error
}

// Service books journeys.
type Service struct {
	seats Seats
	log   *slog.Logger
}

// NewService returns a service that holds seats in the given system.
func NewService(seats Seats, log *slog.Logger) *Service {
	return &Service{seats: seats, log: log}
}

// Book holds a seat on each train of a journey, or none at all. It returns ErrFull, wrapped, when a train has none.
func (s *Service) Book(ctx context.Context, legs []Leg) ([]Hold, error) {
	holds := make([]Hold, 0, len(legs))
	for _, leg := range legs {
		hold, err := s.seats.Hold(ctx, leg)
		if err != nil {
			s.release(ctx, holds)
			return nil, fmt.Errorf("hold a seat on %s: %w", leg.Train, err)
		}
		holds = append(holds, hold)
	}
	s.log.InfoContext(ctx, "journey held", "legs", len(legs))
	return holds, nil
}

// release gives the seats back, the newest first. One that cannot be released runs out by itself.
func (s *Service) release(ctx context.Context, holds []Hold) {
	for i := len(holds) - 1; i >= 0; i-- {
		if err := s.seats.Release(ctx, holds[i]); err != nil {
			s.log.WarnContext(ctx, "seat not released", "hold", holds[i].ID, "train", holds[i].Leg.Train, "error", err)
		}
	}
}
