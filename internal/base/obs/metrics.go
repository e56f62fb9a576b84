package obs

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics is the registry of one process and the instruments every part uses.
type Metrics struct {
	reg      *prometheus.Registry
	requests *prometheus.HistogramVec
	inFlight prometheus.Gauge
	jobs     *prometheus.HistogramVec
}

// NewMetrics registers the process, Go run-time, build, HTTP and job metrics.
func NewMetrics(b Build) *Metrics {
	m := &Metrics{
		reg: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "kosmos_http_request_seconds",
			Help:    "Time to answer, by route pattern, method and status.",
			Buckets: []float64{.002, .005, .01, .015, .03, .05, .1, .25, .5, 1, 2, 5, 15},
		}, []string{"route", "method", "status"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "kosmos_http_requests_in_flight", Help: "Requests being answered.",
		}),
		jobs: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "kosmos_job_seconds",
			Help:    "Time a job took, by kind and outcome (done, failed, dead).",
			Buckets: []float64{.005, .02, .1, .5, 2, 10, 60, 300},
		}, []string{"kind", "outcome"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "kosmos_build_info", Help: "Always 1; the labels tell the version.",
		ConstLabels: prometheus.Labels{"version": b.Version, "commit": b.Commit, "go": b.Go},
	})
	build.Set(1)
	m.reg.MustRegister(m.requests, m.inFlight, m.jobs, build, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Register adds a collector of a room or base package; it panics on a name that is
// taken, which is a fault of the program.
func (m *Metrics) Register(cs ...prometheus.Collector) { m.reg.MustRegister(cs...) }

// Handler serves /metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.reg, promhttp.HandlerOpts{Registry: m.reg})
}

// JobDone notes how long a job took; outcome is done, failed (will be tried again)
// or dead.
func (m *Metrics) JobDone(kind, outcome string, took time.Duration) {
	m.jobs.WithLabelValues(kind, outcome).Observe(took.Seconds())
}

// HTTP measures every request under the pattern that http.ServeMux matched; what
// matches nothing counts as "none".
func (m *Metrics) HTTP(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.inFlight.Inc()
		start := time.Now()
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			m.inFlight.Dec()
			route := r.Pattern
			if route == "" {
				route = "none"
			}
			m.requests.WithLabelValues(route, method(r.Method), strconv.Itoa(rec.status)).
				Observe(time.Since(start).Seconds())
		}()
		next.ServeHTTP(rec, r)
	})
}

// method bounds the label: a stranger may send any word as a method.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodHead, http.MethodOptions:
		return m
	}
	return "other"
}

type recorder struct {
	http.ResponseWriter
	status int
	wrote  bool
}

// WriteHeader notes the final status.
func (r *recorder) WriteHeader(code int) {
	if !r.wrote && code >= http.StatusOK {
		r.status, r.wrote = code, true
	}
	r.ResponseWriter.WriteHeader(code)
}

// Unwrap lets http.ResponseController reach the inner writer (flush for SSE).
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
