//go:build !linux

package pgserver

import "syscall"

// childAttr keeps a terminal's ^C from the server, so that stop can end it in order.
func childAttr(c *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: c, Setpgid: true}
}
