// Command pgtemp runs a command with a throw-away PostgreSQL at hand:
//
//	go run ./internal/base/db/dbtest/pgtemp -- go test ./...
//
// The command finds the server's address in KOSMOS_TEST_PG. When that variable is
// set already, its server is used and none is started. The exit code is the
// command's; the server ends with it.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"kosmos/internal/base/db/dbtest/pgserver"
)

func main() {
	code, err := run(os.Args[1:])
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "pgtemp:", err)
	}
	os.Exit(code)
}

func run(args []string) (code int, err error) {
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		return 2, errors.New("usage: pgtemp -- COMMAND [ARG …]")
	}
	dieWithParent()
	// Terminals send ^C to the command as well; we wait for it to end.
	sig := make(chan os.Signal, 4)
	signal.Notify(sig, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	env := os.Environ()
	if os.Getenv(pgserver.Env) == "" {
		url, stop, err := pgserver.Start(context.Background())
		if err != nil {
			return 1, err
		}
		defer func() { err = errors.Join(err, stop()) }()
		env = append(env, pgserver.Env+"="+url)
	}
	c := exec.Command(args[0], args[1:]...)
	c.Stdin, c.Stdout, c.Stderr, c.Env = os.Stdin, os.Stdout, os.Stderr, env
	if err := c.Start(); err != nil {
		return 127, err
	}
	go func() {
		for s := range sig {
			_ = c.Process.Signal(s)
		}
	}()
	err = c.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return max(exit.ExitCode(), 1), nil
	}
	return 0, err
}
