// Package egress opens connections to addresses that people typed in: hooks, robots, mail servers. It refuses what lies
// inside (this machine, private networks, the cloud's metadata address), so that nobody makes this program knock on doors
// that only it can reach.
//
// The check is made on the address of the connection itself, after the name was resolved: a name that points inside, or
// that changes its mind between check and use, gains nothing. Redirects are not followed and no proxy of the environment
// is used.
//
// Words: allowance = networks that the operator lets through although they are inside (serve --allow-private).
package egress

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"time"
)

// ErrInside means that an address lies inside and the operator did not allow it.
var ErrInside = errors.New("egress: the address is inside and not allowed")

// DialTimeout bounds how long a connection may take to open.
const DialTimeout = 8 * time.Second

// Guard opens connections. The zero Guard allows nothing inside.
type Guard struct {
	allow []netip.Prefix
}

// New makes a guard with an allowance: networks ("10.0.0.0/8") and addresses ("127.0.0.1").
func New(allow []string) (*Guard, error) {
	g := &Guard{}
	for _, text := range allow {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		p, err := netip.ParsePrefix(text)
		if err != nil {
			var a netip.Addr
			if a, err = netip.ParseAddr(text); err == nil {
				p = netip.PrefixFrom(a, a.BitLen())
			}
		}
		if err != nil {
			return nil, fmt.Errorf("%q is neither a network such as 10.0.0.0/8 nor an address", text)
		}
		g.allow = append(g.allow, p.Masked())
	}
	return g, nil
}

// Dial opens a connection unless it leads inside.
func (g *Guard) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{Timeout: DialTimeout, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !g.passes(at.Addr()) {
			return ErrInside
		}
		return nil
	}}
	return d.DialContext(ctx, network, address)
}

// Client makes an HTTP client over Dial whose calls last at most timeout.
func (g *Guard) Client(timeout time.Duration) *http.Client {
	return &http.Client{
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: g.Dial, TLSHandshakeTimeout: DialTimeout, MaxResponseHeaderBytes: 64 << 10,
			// A connection that was kept may be dead already: a call over it that fails would not tell whether it got through.
			DisableKeepAlives: true,
		},
	}
}

// Allowed tells whether a host (a name or an address) lies inside and wholly within the allowance.
func (g *Guard) Allowed(ctx context.Context, host string) bool {
	if len(g.allow) == 0 {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, DialTimeout)
	defer cancel()
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", strings.Trim(host, "[]"))
	if err != nil || len(found) == 0 {
		return false
	}
	for _, a := range found {
		if !g.within(plain(a)) {
			return false
		}
	}
	return true
}

func (g *Guard) passes(a netip.Addr) bool {
	a = plain(a)
	return a.IsValid() && (!inside(a) || g.within(a))
}

func (g *Guard) within(a netip.Addr) bool {
	for _, p := range g.allow {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// plain takes the zone away and an IPv4 address out of its IPv6 dress.
func plain(a netip.Addr) netip.Addr {
	a = a.Unmap().WithZone("")
	if nat64.Contains(a) { // the last four bytes are the IPv4 address that is really meant
		b := a.As16()
		return netip.AddrFrom4([4]byte(b[12:]))
	}
	return a
}

var nat64 = netip.MustParsePrefix("64:ff9b::/96")

// inside tells whether an address is this machine's, a private network's or no address of the internet at all.
func inside(a netip.Addr) bool {
	if a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsUnspecified() || !a.IsGlobalUnicast() {
		return true
	}
	for _, p := range special {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// special are networks of the IANA special-purpose registries that netip does not name.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"), // shared address space of providers and clouds
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("fec0::/10"),
}
