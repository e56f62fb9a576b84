package app_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"

	"kosmos/internal/app"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/obs"
)

// stores gives the configuration of an empty store of each engine.
func stores(t *testing.T, fn func(t *testing.T, cfg app.Config)) {
	t.Helper()
	cfg := app.Config{DB: "sqlite", Log: slog.New(slog.DiscardHandler), Build: obs.ReadBuild("test")}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		cfg := cfg
		cfg.Data = t.TempDir()
		fn(t, cfg)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		cfg := cfg
		cfg.Data, cfg.DB = t.TempDir(), dbtest.URL(t, nil)
		fn(t, cfg)
	})
}

func TestServeAnswersAndStops(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, cfg app.Config) {
		ctx, stop := context.WithCancel(context.Background())
		ready, done := make(chan net.Addr, 1), make(chan error, 1)
		go func() {
			done <- app.Serve(ctx, cfg, app.ServeOptions{
				Addr: "127.0.0.1:0", Role: app.All,
				Listening: func(_ context.Context, _ *app.App, addr net.Addr) error { ready <- addr; return nil },
			})
		}()
		var addr net.Addr
		select {
		case addr = <-ready:
		case err := <-done:
			t.Fatal(err)
		}
		for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/metrics": 200, "/": 200, "/m": 200, "/api/v1/notify/unread": 401, "/api/v1/nowhere": 404} {
			if got := get(t, fmt.Sprintf("http://%s%s", addr, path)); got != want {
				t.Errorf("%s answers %d, want %d", path, got, want)
			}
		}
		stop()
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
		case <-time.After(30 * time.Second):
			t.Fatal("it does not stop")
		}
	})
}

func get(t *testing.T, url string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	return res.StatusCode
}
