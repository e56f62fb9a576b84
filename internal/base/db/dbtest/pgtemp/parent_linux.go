package main

import (
	"os"
	"runtime"
	"syscall"
)

// dieWithParent asks the kernel for SIGTERM when `go run` or make is killed, so
// that no server is left behind.
func dieWithParent() {
	runtime.LockOSThread() // the signal is bound to the thread that asks
	parent := os.Getppid()
	_, _, _ = syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_SET_PDEATHSIG, uintptr(syscall.SIGTERM), 0)
	if os.Getppid() != parent {
		os.Exit(1)
	}
}
