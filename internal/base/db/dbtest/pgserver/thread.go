package pgserver

import "runtime"

// lockThread ties the calling goroutine to its thread for good.
func lockThread() { runtime.LockOSThread() }
