package obs

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// LogFormat is how log lines look.
type LogFormat string

// The formats: text for people, JSON for collectors.
const (
	Text LogFormat = "text"
	JSON LogFormat = "json"
)

// NewLogger returns a logger that writes to w (stderr: stdout belongs to results).
// Level is debug, info, warn or error.
func NewLogger(w io.Writer, format LogFormat, level string) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, fmt.Errorf("log level %q is none of debug, info, warn, error", level)
	}
	opts := &slog.HandlerOptions{Level: l, ReplaceAttr: hideSecrets}
	switch format {
	case Text:
		return slog.New(slog.NewTextHandler(w, opts)), nil
	case JSON:
		return slog.New(slog.NewJSONHandler(w, opts)), nil
	}
	return nil, fmt.Errorf("log format %q is none of text, json", format)
}

// hideSecrets is the last net: rooms do not log secrets in the first place.
func hideSecrets(_ []string, a slog.Attr) slog.Attr {
	switch strings.ToLower(a.Key) {
	case "password", "token", "secret", "phone", "authorization", "cookie":
		return slog.String(a.Key, "***")
	}
	return a
}
