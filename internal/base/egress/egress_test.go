package egress_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"kosmos/internal/base/egress"
)

func guard(t *testing.T, allow ...string) *egress.Guard {
	t.Helper()
	g, err := egress.New(allow)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestInsideIsRefused(t *testing.T) {
	t.Parallel()
	g := guard(t)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	for _, address := range []string{
		"127.0.0.1:80", "127.8.8.8:80", "[::1]:80", "localhost:80", "10.1.2.3:80", "172.16.0.1:80", "192.168.1.1:80", "169.254.169.254:80",
		"100.100.100.200:80", "0.0.0.0:80", "[::]:80", "[fe80::1]:80", "[fd00::1]:80", "[::ffff:127.0.0.1]:80", "[64:ff9b::7f00:1]:80", "224.0.0.1:80",
		"198.18.0.1:80", "[2002:7f00:1::]:80", "255.255.255.255:80",
	} {
		conn, err := g.Dial(ctx, "tcp", address)
		if err == nil {
			_ = conn.Close()
		}
		if !errors.Is(err, egress.ErrInside) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestAllowanceAndRedirects(t *testing.T) {
	t.Parallel()
	hit := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hit++
		http.Redirect(w, r, "http://127.0.0.1:1/away", http.StatusFound)
	}))
	t.Cleanup(srv.Close)
	get := func(g *egress.Guard) (*http.Response, error) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		return g.Client(3 * time.Second).Do(req)
	}
	if _, err := get(guard(t, "10.0.0.0/8")); !errors.Is(err, egress.ErrInside) || hit != 0 {
		t.Fatal(err, hit)
	}
	res, err := get(guard(t, "127.0.0.0/8"))
	if err != nil || res.StatusCode != http.StatusFound || hit != 1 {
		t.Fatal(res, err, hit)
	}
	_ = res.Body.Close()
}

func TestAllowed(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := guard(t, " 127.0.0.1 ", "", "::1", "10.0.0.0/8")
	for host, want := range map[string]bool{"127.0.0.1": true, "[::1]": true, "127.0.0.2": false, "10.9.9.9": true, "8.8.8.8": false} {
		if got := g.Allowed(ctx, host); got != want {
			t.Errorf("%s: %v", host, got)
		}
	}
	if guard(t).Allowed(ctx, "127.0.0.1") {
		t.Error("nothing is allowed without an allowance")
	}
	if _, err := egress.New([]string{"ten"}); err == nil {
		t.Error("a word that is no network passed")
	}
	if _, err := egress.New([]string{net.IPv4(10, 0, 0, 1).String()}); err != nil {
		t.Error(err)
	}
}
