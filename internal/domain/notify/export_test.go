package notify

import (
	"crypto/tls"
	"time"
)

// WithCallTime makes a service's calls to the outside end after d.
func (s *Service) WithCallTime(d time.Duration) *Service {
	s.robots, s.hooks, s.mailer = s.robots.WithTimeout(d), s.hooks.WithTimeout(d), s.mailer.Trusting(&tls.Config{MinVersion: tls.VersionTLS12}, d)
	return s
}

// LeaseTime is how long a claim lasts.
const LeaseTime = leaseTime

// The pure decisions.
var (
	DigestAfter = digestAfter
	Backoff     = backoff
)

// Until is Quiet.until.
func (q Quiet) Until(t time.Time) time.Time { return q.until(t) }
