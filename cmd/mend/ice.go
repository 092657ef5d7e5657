package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"mend/realtime"
)

// readICE reads the servers for calls and refuses what no browser would take: it would refuse the call, with nobody near
// who can mend it.
func readICE(file string) ([]realtime.ICEServer, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var servers []realtime.ICEServer
	if err := json.Unmarshal(data, &servers); err != nil {
		return nil, fmt.Errorf("%s: expected a list such as [{\"urls\": [\"stun:stun.example.org\"]}]: %w", file, err)
	}
	for i, s := range servers {
		if len(s.URLs) == 0 {
			return nil, fmt.Errorf("%s: server %d has no urls", file, i+1)
		}
		for _, url := range s.URLs {
			scheme, _, _ := strings.Cut(url, ":")
			switch turn := scheme == "turn" || scheme == "turns"; {
			case !turn && scheme != "stun" && scheme != "stuns":
				return nil, fmt.Errorf("%s: server %d: a url begins with stun:, stuns:, turn: or turns: and then the address", file, i+1)
			case turn && (s.Username == "" || s.Credential == ""):
				return nil, fmt.Errorf("%s: server %d: a TURN server needs a username and a credential", file, i+1)
			}
		}
	}
	return servers, nil
}
