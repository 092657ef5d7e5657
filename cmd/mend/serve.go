package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/mdp/qrterminal/v3"

	"mend/frontend"
	"mend/realtime"
	"mend/server"
)

const (
	startWithin = 3 * time.Minute
	stopWithin  = 20 * time.Second
)

// Run is "mend serve": take the port and the store, print where it is, answer until ctx ends, stop in order.
func (f *serve) Run(ctx context.Context, out *output, given givenKeys) (err error) {
	if _, set := os.LookupEnv("GOGC"); !set {
		debug.SetGCPercent(realtime.GCPercent)
	}
	plan, err := f.settle()
	if err != nil {
		return err
	}
	plan.given = given
	if err := given.check(f.Keys); err != nil {
		return err
	}
	listener, err := plan.listen(out.stderr)
	if err != nil {
		return err
	}
	defer listener.Close()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	base := plan.base(port)
	plan.show(out.stderr, listener.Addr().String(), base.String())
	plan.warnPlain(out.stderr)

	store, err := plan.openStore(ctx, out.log)
	if err != nil {
		return err
	}
	defer store.Close()
	keys, err := plan.keyring()
	if err != nil {
		return err
	}
	vault, err := plan.vault()
	if err != nil {
		return err
	}
	starting, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	node, err := server.New(starting, server.Config{NATS: store, Keys: keys, Vault: vault, Files: frontend.Files(), Logger: out.log, Base: base, Public: plan.public != nil,
		Build: build(), Demo: plan.Demo, Programme: plan.Programme, Trial: plan.trial, ICE: plan.ice, Scenarios: plan.own, MaxPeople: plan.MaxPeople, Care: plan.care, CareFile: filepath.Base(plan.Care),
		Resources: plan.helpers, ResourcesFile: filepath.Base(plan.Resources), Proxies: plan.proxies})
	if err != nil && ctx.Err() != nil {
		return nil // told to stop before it began
	}
	if err != nil {
		return fail("start", err)
	}
	defer func() { err = errors.Join(err, stop(node)) }()
	return plan.answer(ctx, starting, node, listener, out)
}

func (s settled) openStore(ctx context.Context, logger *slog.Logger) (*realtime.NATS, error) {
	store, err := realtime.OpenNATS(ctx, realtime.NATSConfig{Folder: s.Data, URLs: s.NATS, Replicas: s.Replicas, Logger: logger})
	switch {
	case errors.Is(err, realtime.ErrFolderInUse):
		return nil, fail("data_in_use", err)
	case err != nil && s.NATS != "":
		return nil, fail("nats_unreachable", err)
	case err != nil:
		return nil, fail("store", err)
	}
	return store, nil
}

// answer serves until ctx ends or the listener fails.
func (s settled) answer(ctx, starting context.Context, node *server.Server, listener net.Listener, out *output) error {
	served := make(chan error, 1)
	go func() { served <- node.Serve(listener) }()
	guests, err := s.announce(starting, node, out)
	if guests != nil {
		defer guests.Close()
	}
	if err != nil && ctx.Err() == nil {
		return fail("start", err)
	}
	select {
	case err := <-served:
		return fail("serve", err)
	case <-ctx.Done():
		out.log.Info("stopping")
		return nil
	}
}

// announce prints what scripts and people wait for, one thing a line, and "ready" last.
func (s settled) announce(ctx context.Context, node *server.Server, out *output) (*server.Guests, error) {
	if !s.Demo {
		return nil, s.announceHome(ctx, node, out.stdout)
	}
	demo, err := node.OpenDemo(ctx)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(out.stdout, "facilitator: %s\njoin: %s\ncode: %s\nstage: %s\n", demo.Facilitator, demo.Join, demo.Code, demo.Stage)
	qrterminal.GenerateHalfBlock(demo.Join, qrterminal.L, out.stderr)
	var guests *server.Guests
	if s.Guests > 0 {
		guests = node.Invite(demo.Session, s.Guests)
	}
	fmt.Fprintln(out.stdout, "ready")
	return guests, nil
}

func (s settled) announceHome(ctx context.Context, node *server.Server, stdout io.Writer) error {
	link, err := node.SetupLink(ctx)
	if err != nil {
		return err
	}
	if link != "" {
		fmt.Fprintf(stdout, "setup: %s\n", link)
	}
	fmt.Fprintf(stdout, "home: %s\nready\n", node.HomeLink())
	return nil
}

// build tells one build of the program from another: two may show the same session differently.
func build() string {
	name, err := os.Executable()
	if err != nil {
		return ""
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

// stop may take a moment: what was acknowledged is on disk already, what is on its way settles first.
func stop(node *server.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	if err := node.Close(ctx); err != nil {
		return fail("stop", err)
	}
	return nil
}
