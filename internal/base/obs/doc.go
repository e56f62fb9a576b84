// Package obs makes the program observable: logs to stderr, metrics for
// Prometheus, and what was built from which commit.
//
// There is one Metrics per process, made in app and handed to those who measure;
// there is no global registry.
//
// Names of metrics begin with kosmos_ and are listed in docs/operations/metrics.md.
// Labels are few and bounded: routes by their pattern, never by path; no brand,
// person or account ever becomes a label.
//
// Not here: the audit trail (base/audit), health and readiness (base/web).
package obs
