package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	startTarget  = 1000 // ms to /readyz
	memoryTarget = 200  // MB resident, idle
	startAddr    = "127.0.0.1:18099"
	idleAfter    = 5 * time.Second
)

// start serves a store of 100,000 accounts with the program's own binary and waits for /readyz.
func start(ctx context.Context, r *run) error {
	s, done, err := r.store(ctx, recipe{"start", func(ctx context.Context, r *run, s *System) error { return accounts(ctx, r, s, matrixAccounts) }})
	if err != nil {
		return err
	}
	data, target := filepath.Join(r.Data, "bench", "start"), r.Target
	if s.DB.Pool() != nil { // the temporary database lives until done
		data = filepath.Join(os.TempDir(), "kosmos-bench-start-"+strconv.Itoa(os.Getpid()))
		defer func() { _ = os.RemoveAll(data) }()
		address, err := url.Parse(r.Target)
		if err != nil {
			return joinClose(err, done)
		}
		address.Path = "/" + s.DB.Pool().Config().ConnConfig.Database
		target = address.String()
	} else {
		if err := s.Close(); err != nil {
			return err
		}
		done = func() error { return nil }
	}
	var ready []float64
	memory := 0.0
	for range 3 {
		ms, mb, err := r.serveOnce(ctx, data, target)
		if err != nil {
			return joinClose(err, done)
		}
		ready, memory = append(ready, ms), max(memory, mb)
	}
	r.latency("start.ready", "ms", median(ready), startTarget, "from the start of the process to /readyz, median of three; the reference is the promise")
	if memory > 0 {
		r.latency("start.memory", "MB", memory, memoryTarget, fmt.Sprintf("resident %s after /readyz; the reference is the promise", idleAfter))
	}
	return done()
}

func (r *run) serveOnce(ctx context.Context, data, target string) (readyMs, memoryMB float64, err error) {
	cmd := exec.CommandContext(ctx, r.Binary, "--data", data, "--db", target, "serve", "--addr", startAddr) //nolint:gosec // our own binary
	cmd.Stderr = os.Stderr
	took, err := stopwatch(func() error {
		if err := cmd.Start(); err != nil {
			return err
		}
		return awaitReady(ctx)
	})
	if err == nil {
		memoryMB = idleMemory(cmd.Process.Pid)
	}
	if cmd.Process != nil {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		err = errors.Join(err, cmd.Wait())
	}
	return float64(took) / float64(time.Millisecond), memoryMB, err
}

func awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+startAddr+"/readyz", nil)
		if err != nil {
			return err
		}
		if res, err := http.DefaultClient.Do(req); err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// idleMemory reads a process's resident memory in MB some seconds from now; 0 where the system does not tell.
func idleMemory(pid int) float64 {
	time.Sleep(idleAfter)
	f, err := os.Open(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		return 0
	}
	defer func() { _ = f.Close() }()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), "VmRSS:"); ok {
			kb, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 64)
			return kb / 1024
		}
	}
	return 0
}
