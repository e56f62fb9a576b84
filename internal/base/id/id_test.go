package id_test

import (
	"encoding/json"
	"sync"
	"testing"
	"time"

	"kosmos/internal/base/id"
)

func TestIdsAreUniqueAndOrderedAcrossGoroutines(t *testing.T) {
	t.Parallel()
	s := id.NewSource(7, func() time.Time { return time.UnixMilli(1795305600000) }) // a stopped clock
	var mu sync.Mutex
	seen := map[id.ID]bool{}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			last := id.ID(0)
			for range 5000 {
				n := s.New()
				if n <= last {
					t.Errorf("%d after %d", n, last)
				}
				last = n
				mu.Lock()
				if seen[n] {
					t.Errorf("%d twice", n)
				}
				seen[n] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}

func TestJSONFormIsAString(t *testing.T) {
	t.Parallel()
	type row struct{ A, B id.ID }
	b, err := json.Marshal(row{A: 9007199254740993})
	if err != nil || string(b) != `{"A":"9007199254740993","B":null}` {
		t.Fatal(string(b), err)
	}
	var r row
	if err := json.Unmarshal(b, &r); err != nil || r.A != 9007199254740993 || r.B != 0 {
		t.Fatal(r, err)
	}
	for _, bad := range []string{`{"A":12}`, `{"A":"x"}`, `{"A":"-3"}`} {
		if json.Unmarshal([]byte(bad), &r) == nil {
			t.Errorf("%s was accepted", bad)
		}
	}
}
