// Package pgserver starts a throw-away PostgreSQL for tests: data in a temporary directory, no durability, loopback
// only. As root it runs the server as the user "postgres", which the server insists on.
package pgserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Server is a running test server.
type Server struct {
	URL string // postgres://postgres@127.0.0.1:PORT, no database
	cmd *exec.Cmd
	dir string
}

// Shared starts one server for the life of this process; it dies with the process (the kernel kills it).
var Shared = sync.OnceValues(func() (string, error) {
	s, err := Start()
	if err != nil {
		return "", err
	}
	return s.URL, nil
})

// Start makes a fresh cluster and starts a server on a free loopback port.
func Start() (*Server, error) {
	bin, err := binDir()
	if err != nil {
		return nil, err
	}
	cred, err := credential()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("/tmp", "kpg")
	if err != nil {
		return nil, err
	}
	if cred != nil {
		if err := os.Chown(dir, int(cred.Uid), int(cred.Gid)); err != nil {
			return nil, err
		}
	}
	attr := &syscall.SysProcAttr{Credential: cred, Pdeathsig: syscall.SIGKILL}
	data := filepath.Join(dir, "d")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	initdb.SysProcAttr, initdb.Dir = attr, dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("pgserver: initdb: %w: %s", err, out)
	}
	for range 5 { // a free port can be taken between the look and the start
		s, err := run(bin, dir, data, attr)
		if err == nil {
			return s, nil
		}
		if !errors.Is(err, errStopped) {
			return nil, err
		}
	}
	return nil, fmt.Errorf("pgserver: the server does not start; see %s/log", dir)
}

var errStopped = errors.New("pgserver: the server stopped at once")

func run(bin, dir, data string, attr *syscall.SysProcAttr) (*Server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	args := []string{"-D", data, "-p", strconv.Itoa(port), "-h", "127.0.0.1", "-k", dir}
	for _, c := range []string{"fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300", "shared_buffers=256MB", "max_wal_size=2GB", "autovacuum=off", "jit=off"} {
		args = append(args, "-c", c)
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	cmd := exec.Command(filepath.Join(bin, "postgres"), args...)
	cmd.SysProcAttr, cmd.Dir, cmd.Stdout, cmd.Stderr = attr, dir, log, log
	// Pdeathsig follows the thread that started the child, so that thread must live as long as the process.
	started := make(chan error)
	go func() {
		lockThread()
		started <- cmd.Start()
		select {}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	exited := make(chan struct{})
	go func() { _ = cmd.Wait(); close(exited) }()
	s := &Server{URL: fmt.Sprintf("postgres://postgres@127.0.0.1:%d", port), cmd: cmd, dir: dir}
	for range 400 {
		select {
		case <-exited:
			return nil, errStopped
		case <-time.After(50 * time.Millisecond):
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		conn, err := pgx.Connect(ctx, s.URL+"/postgres")
		if err == nil {
			err = conn.Close(ctx)
		}
		cancel()
		if err == nil {
			return s, nil
		}
	}
	s.Stop()
	return nil, fmt.Errorf("pgserver: no answer within 20 s; see %s/log", dir)
}

// Stop ends the server and removes its files.
func (s *Server) Stop() {
	_ = s.cmd.Process.Signal(syscall.SIGQUIT)
	for range 100 {
		if syscall.Kill(s.cmd.Process.Pid, 0) != nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	_ = os.RemoveAll(s.dir)
}

// binDir finds the newest installed server; Debian keeps it out of PATH.
func binDir() (string, error) {
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(dirs) > 0 {
		slices.SortFunc(dirs, func(a, b string) int { return version(a) - version(b) })
		return filepath.Dir(dirs[len(dirs)-1]), nil
	}
	p, err := exec.LookPath("initdb")
	if err != nil {
		return "", errors.New("pgserver: no PostgreSQL server found; install the package postgresql")
	}
	return filepath.Dir(p), nil
}

func version(path string) int {
	n, _ := strconv.Atoi(strings.Split(path, "/")[4])
	return n
}

// credential gives the user to run as: none needed unless we are root.
func credential() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil //nolint:nilnil // nil means: as we are
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("pgserver: as root, PostgreSQL must run as the user postgres: %w", err)
	}
	uid, _ := strconv.ParseUint(u.Uid, 10, 32)
	gid, _ := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port, nil
}
