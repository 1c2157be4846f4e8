// The scheduler collects instalments that are due.
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
	"time"
)

func main() {
	collector := NewCollector(os.Getenv("PAYMENTS_URL"), os.Getenv("FENNEL_URL"))
	go everyNight(collector)

	http.HandleFunc("/healthz", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "ok")
	})
	http.HandleFunc("/collect", func(w http.ResponseWriter, r *http.Request) {
		collected, err := collector.CollectDue(r.Context(), time.Now())
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		fmt.Fprintf(w, "collected %d\n", collected)
	})
	log.Fatal(http.ListenAndServe(":8084", nil))
}

// everyNight collects at two in the morning, when the shop is quiet.
func everyNight(collector *Collector) {
	for {
		now := time.Now()
		next := time.Date(now.Year(), now.Month(), now.Day()+1, 2, 0, 0, 0, now.Location())
		time.Sleep(time.Until(next))
		collector.CollectNow()
	}
}
