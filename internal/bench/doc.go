// Package bench measures Kosmos against what the machine can do: each benchmark sets our way beside a bare one and says
// how they compare. It works on scratch stores under DATA/bench (SQLite, kept between runs) or on a temporary database
// beside the given one (PostgreSQL, dropped at the end), never on a brand's. Targets and measured figures are in
// docs/operations/benchmarks.md; `kosmos bench` lists the names.
package bench
