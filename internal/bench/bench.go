package bench

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/campaign"
	"kosmos/internal/domain/insight"
	"kosmos/internal/domain/library"
	"kosmos/internal/domain/org"
	"kosmos/internal/domain/post"
	"kosmos/internal/domain/risk"
)

// Result is one measurement. Ratio is better when higher: ours/reference of a throughput, reference/ours of a time.
type Result struct {
	Name      string  `json:"name"`
	Engine    string  `json:"engine"`
	Ours      float64 `json:"ours"`
	Reference float64 `json:"reference"`
	Ratio     float64 `json:"ratio"`
	Unit      string  `json:"unit"`
	Detail    string  `json:"detail"`
}

// System is a wired program over a scratch store.
type System struct {
	DB       *db.DB
	IDs      *id.Source
	Clock    clock.Clock
	Org      *org.Service
	Account  *account.Service
	Post     *post.Service
	Insight  *insight.Service
	Risk     *risk.Service
	Jobs     *jobs.Client
	Library  *library.Service
	Campaign *campaign.Service
	Handler  http.Handler
	Actor    authz.Actor // the program itself, in the scratch brand
	// Token makes an API token of a role over a unit's path ("" = the whole brand).
	Token func(ctx context.Context, role authz.Role, unit string) (string, error)
	// Import brings a file in as `kosmos import` does and gives the number of rows.
	Import func(ctx context.Context, account, path string) (int, error)
	Close  func() error
}

// Kit is what the program gives to its benchmarks.
type Kit struct {
	// Open opens a store, makes its schema and a brand where there is none.
	Open func(ctx context.Context, data, target string) (*System, error)
	// Binary is the program's own file, Target its --db and Data its --data.
	Binary, Target, Data string
	// Say tells how far the work is.
	Say func(format string, args ...any)
}

// Bench is one benchmark.
type Bench struct {
	Name  string `json:"name"`
	About string `json:"about"`
	run   func(context.Context, *run) error
}

// List gives the benchmarks in the order they are best run.
func List() []Bench {
	return []Bench{
		{"ingest", "a day of 100,000 account snapshots through facts and sums, against a bare bulk insert", ingest},
		{"overview", "overview and leaderboards at 100,000 accounts × 365 days, against 1,000 accounts", overview},
		{"list", "lists at 100,000 accounts and 1,000,000 posts, against a bare handler with the same keyed read", lists},
		{"rescan", "the rules over 1,000,000 posts again, with a pause on the way, against reading and judging alone", rescan},
		{"import", "100,000-row workbooks, against reading them with excelize", imports},
		{"search", "search over 100,000 items of the library, and personal texts for 100,000 members", search},
		{"dispatch", "a task for 100,000 members, against a bare INSERT … SELECT of the same rows", dispatch},
		{"tasks", "today, board and proofs at KOSMOS_BENCH_TASKS assignments (a million unless told)", tasks},
		{"start", "start and idle memory on a store of 100,000 accounts", start},
	}
}

// Find finds a benchmark by its name.
func Find(name string) (Bench, bool) {
	i := slices.IndexFunc(List(), func(b Bench) bool { return b.Name == name })
	if i < 0 {
		return Bench{}, false
	}
	return List()[i], true
}

// run is one run of a benchmark.
type run struct {
	Kit
	engine  string
	results []Result
}

// Run runs the benchmark.
func (b Bench) Run(ctx context.Context, kit Kit) ([]Result, error) {
	r := &run{Kit: kit, engine: string(db.SQLite)}
	if kit.Target != "" && kit.Target != r.engine {
		r.engine = string(db.Postgres)
	}
	if err := b.run(ctx, r); err != nil {
		return nil, fmt.Errorf("bench %s: %w", b.Name, err)
	}
	return r.results, nil
}

// throughput adds a result of which more is better.
func (r *run) throughput(name, unit string, ours, reference float64, detail string) {
	r.add(Result{Name: name, Ours: ours, Reference: reference, Ratio: ours / reference, Unit: unit, Detail: detail})
}

// latency adds a result of which less is better.
func (r *run) latency(name, unit string, ours, reference float64, detail string) {
	r.add(Result{Name: name, Ours: ours, Reference: reference, Ratio: reference / ours, Unit: unit, Detail: detail})
}

func (r *run) add(x Result) {
	x.Engine = r.engine
	for _, f := range []*float64{&x.Ours, &x.Reference, &x.Ratio} {
		*f = math.Round(*f*1000) / 1000
	}
	r.results = append(r.results, x)
	r.Say("%s: ours %.3g, reference %.3g %s, ratio %.2f", x.Name, x.Ours, x.Reference, x.Unit, x.Ratio)
}

// stopwatch measures what fn takes.
func stopwatch(fn func() error) (time.Duration, error) {
	start := time.Now()
	err := fn()
	return time.Since(start), err
}

// quantile gives the q-quantile of durations in milliseconds.
func quantile(times []time.Duration, q float64) float64 {
	slices.Sort(times)
	i := min(len(times)-1, int(math.Ceil(q*float64(len(times))))-1)
	return float64(times[max(i, 0)]) / float64(time.Millisecond)
}

// median gives the middle of numbers.
func median(xs []float64) float64 {
	slices.Sort(xs)
	return xs[len(xs)/2]
}
