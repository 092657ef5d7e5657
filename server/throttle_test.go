package server

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"
)

func TestThrottle(t *testing.T) {
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	here, there := netip.MustParseAddr("203.0.113.7"), netip.MustParseAddr("203.0.113.8")
	th := newThrottle(3, 10*time.Second)
	for i := range 3 {
		if wait := th.wait(here, now); wait != 0 {
			t.Fatalf("waits %s after %d failures of 3", wait, i)
		}
		th.failed(here, now)
	}
	if wait := th.wait(here, now); wait != 10*time.Second {
		t.Errorf("waits %s after 3 failures, want 10s", wait)
	}
	if wait := th.wait(there, now); wait != 0 {
		t.Errorf("another address waits %s", wait)
	}
	if wait := th.wait(here, now.Add(10*time.Second)); wait != 0 {
		t.Errorf("still waits %s after the time", wait)
	}
	th.failed(here, now.Add(10*time.Second))
	if wait := th.wait(here, now.Add(10*time.Second)); wait != 10*time.Second {
		t.Errorf("one more failure waits %s, want 10s", wait)
	}
	if wait := th.wait(here, now.Add(throttleKeeps)); wait != 0 {
		t.Errorf("remembers for longer than %s", throttleKeeps)
	}
}

func TestThrottleTakesAHouseholdTogether(t *testing.T) {
	now := time.Now()
	th := newThrottle(1, time.Minute)
	th.failed(netip.MustParseAddr("2001:db8:1:2::1"), now)
	th.failed(netip.MustParseAddr("::ffff:203.0.113.7"), now)
	for address, waits := range map[string]bool{
		"2001:db8:1:2:ffff::9": true, "2001:db8:1:3::1": false, "203.0.113.7": true, "203.0.113.8": false,
	} {
		if got := th.wait(netip.MustParseAddr(address), now) > 0; got != waits {
			t.Errorf("%s waits: %v", address, got)
		}
	}
}

func TestThrottleStaysSmall(t *testing.T) {
	now := time.Now()
	th := newThrottle(1, time.Minute)
	for i := range uint32(throttleSize + 1000) {
		var four [4]byte
		binary.BigEndian.PutUint32(four[:], i)
		th.failed(netip.AddrFrom4(four), now)
	}
	if len(th.debts) > throttleSize+1 {
		t.Errorf("%d addresses are kept", len(th.debts))
	}
	if th.wait(netip.MustParseAddr("203.0.113.7"), now) == 0 {
		t.Error("addresses beyond the table are not slowed down")
	}
}

func FuzzThrottleNeverForgetsEarly(f *testing.F) {
	f.Add(uint8(5), uint16(3))
	f.Fuzz(func(t *testing.T, failures uint8, later uint16) {
		now := time.Now()
		address := netip.MustParseAddr("203.0.113.7")
		th := newThrottle(4, time.Second)
		for range failures {
			th.failed(address, now)
		}
		got := th.wait(address, now.Add(time.Duration(later)*time.Millisecond))
		want := max(0, (time.Duration(failures)-3)*time.Second-time.Duration(later)*time.Millisecond)
		if got != want {
			t.Errorf("%d failures, %d ms later: waits %s, want %s", failures, later, got, want)
		}
	})
}
