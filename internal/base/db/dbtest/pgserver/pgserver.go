package pgserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Env names the variable that holds the address of a running test server:
// postgres://user@host:port without a database.
const Env = "KOSMOS_TEST_PG"

const (
	prefix    = "kpg-"
	superuser = "postgres"
	startTime = 60 * time.Second
	stopTime  = 15 * time.Second
)

// settings trade safety for speed; the data is thrown away anyway.
func settings(dir string, port int) []string {
	pairs := []string{
		"listen_addresses=127.0.0.1", "port=" + strconv.Itoa(port), "unix_socket_directories=" + dir,
		"fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0",
		"max_connections=300", "shared_buffers=256MB", "max_wal_size=1GB", "checkpoint_timeout=30min",
		"jit=off", "max_parallel_workers_per_gather=0", "dynamic_shared_memory_type=mmap", "timezone=UTC",
		"log_min_messages=error", "autovacuum_naptime=10min",
	}
	var args []string
	for _, p := range pairs {
		args = append(args, "-c", p)
	}
	return args
}

// Shared starts one server for the life of this process, once; it ends with the
// process.
var Shared = sync.OnceValues(func() (string, error) {
	url, _, err := Start(context.Background())
	return url, err
})

// Start runs a new server and returns its address and a function that stops it and
// removes its files. Stop may be called twice.
func Start(ctx context.Context) (url string, stop func() error, err error) {
	bin, err := binDir()
	if err != nil {
		return "", nil, err
	}
	sweep(base())
	s := &server{bin: bin, cred: credential()}
	if err := s.prepare(ctx); err != nil {
		return "", nil, errors.Join(err, s.stop())
	}
	if err := s.start(ctx); err != nil {
		return "", nil, errors.Join(err, s.stop())
	}
	return s.url(), s.stop, nil
}

type server struct {
	bin  string
	dir  string
	port int
	cred *syscall.Credential // of the postgres user when we are root, else nil
	cmd  *exec.Cmd
	gone chan struct{}
}

func (s *server) url() string {
	return fmt.Sprintf("postgres://%s@127.0.0.1:%d", superuser, s.port)
}

func (s *server) data() string { return filepath.Join(s.dir, "data") }

// prepare makes the directory and the cluster in it. The directory's name holds
// our process id, for sweep.
func (s *server) prepare(ctx context.Context) error {
	dir, err := os.MkdirTemp(base(), fmt.Sprintf("%s%d-", prefix, os.Getpid()))
	if err != nil {
		return err
	}
	s.dir = dir
	if s.cred != nil {
		if err := os.Chown(dir, int(s.cred.Uid), int(s.cred.Gid)); err != nil {
			return err
		}
	}
	var out []byte
	for _, locale := range []string{"C.UTF-8", "C"} { // not every system has the first
		c := s.command(ctx, "initdb", "-D", s.data(), "-U", superuser, "-A", "trust", "-E", "UTF8", "--locale="+locale, "--no-sync", "--no-instructions")
		if out, err = c.CombinedOutput(); err == nil {
			return nil
		}
		_ = os.RemoveAll(s.data())
	}
	return fmt.Errorf("initdb: %w\n%s", err, out)
}

func (s *server) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, filepath.Join(s.bin, name), args...)
	c.Dir = s.dir
	c.Env = append(os.Environ(), "LC_ALL=C", "PGDATA="+s.data())
	c.SysProcAttr = childAttr(s.cred)
	return c
}

func (s *server) start(ctx context.Context) error {
	var err error
	for range 5 { // another process may take the port first
		if s.port, err = freePort(); err != nil {
			return err
		}
		if err = s.startOn(ctx); err == nil || ctx.Err() != nil {
			return err
		}
	}
	return err
}

func (s *server) startOn(ctx context.Context) error {
	logFile := filepath.Join(s.dir, "log")
	f, err := os.Create(logFile)
	if err != nil {
		return err
	}
	// The server outlives ctx, which bounds the start only.
	s.cmd = s.command(context.WithoutCancel(ctx), "postgres", append([]string{"-D", s.data()}, settings(s.dir, s.port)...)...)
	s.cmd.Stdout, s.cmd.Stderr = f, f
	err = startPinned(s.cmd)
	_ = f.Close()
	if err != nil {
		return err
	}
	cmd, gone := s.cmd, make(chan struct{})
	s.gone = gone
	go func() {
		_ = cmd.Wait()
		close(gone)
	}()
	if err := s.ready(ctx); err != nil {
		text, _ := os.ReadFile(logFile)
		return fmt.Errorf("postgres did not start: %w\n%s", err, text)
	}
	return nil
}

// startPinned starts a command from a thread that stays: the kernel's signal on
// our death follows the thread that started the child, not the process.
func startPinned(c *exec.Cmd) error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		started <- c.Start()
		select {}
	}()
	return <-started
}

func (s *server) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		c, err := pgx.Connect(ctx, s.url()+"/postgres?sslmode=disable&connect_timeout=2")
		if err == nil {
			return c.Close(ctx)
		}
		select {
		case <-s.gone:
			return errors.New("it ended at once")
		case <-ctx.Done():
			return err
		case <-tick.C:
		}
	}
}

// stop ends the server at once (there is nothing to keep) and removes its files.
func (s *server) stop() error {
	if s.cmd != nil && s.cmd.Process != nil {
		_ = s.cmd.Process.Signal(syscall.SIGQUIT)
		select {
		case <-s.gone:
		case <-time.After(stopTime):
			_ = s.cmd.Process.Kill()
			<-s.gone
		}
	}
	if s.dir == "" {
		return nil
	}
	return os.RemoveAll(s.dir)
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// base is short, because a socket's path must fit into 107 bytes.
func base() string {
	if st, err := os.Stat("/tmp"); err == nil && st.IsDir() {
		return "/tmp"
	}
	return os.TempDir()
}

// sweep removes directories whose process is no more.
func sweep(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		rest, ours := strings.CutPrefix(e.Name(), prefix)
		if !ours {
			continue
		}
		pidText, _, _ := strings.Cut(rest, "-")
		pid, err := strconv.Atoi(pidText)
		if err != nil || alive(pid) || stillServed(filepath.Join(dir, e.Name())) {
			continue
		}
		_ = os.RemoveAll(filepath.Join(dir, e.Name()))
	}
}

func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}

// stillServed is true while the postmaster of a directory runs, which happens for
// a moment after its parent died.
func stillServed(dir string) bool {
	f, err := os.Open(filepath.Join(dir, "data", "postmaster.pid"))
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	head, _ := io.ReadAll(io.LimitReader(f, 32))
	first, _, _ := strings.Cut(string(head), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	return err == nil && alive(pid)
}
