package pgserver

import "syscall"

// childAttr lets the kernel stop the server when we die, however we die.
func childAttr(c *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: c, Pdeathsig: syscall.SIGQUIT, Setpgid: true}
}
