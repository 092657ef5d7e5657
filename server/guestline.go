package server

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/fasthttp/websocket"
	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttputil"

	"mend/facilitator"
	"mend/realtime"
)

// guestLine is how guests reach this server where no command will do: by the same sockets and requests as a browser, over
// connections in memory, so that it needs neither an address nor a certificate.
type guestLine struct {
	listener *fasthttputil.InmemoryListener
	web      *http.Client
	ended    chan struct{}
}

const guestWaits = 15 * time.Second // for one answer

func (s *Server) newGuestLine() *guestLine {
	l := &guestLine{listener: fasthttputil.NewInmemoryListener(), ended: make(chan struct{})}
	l.web = &http.Client{Timeout: guestWaits, Transport: &http.Transport{DialContext: l.dial, DisableKeepAlives: true}}
	serving := &fasthttp.Server{Handler: s.app.Handler(), KeepHijackedConns: true, MaxRequestBodySize: bodyLimit}
	go func() {
		defer close(l.ended)
		serving.Serve(l.listener)
	}()
	return l
}

func (l *guestLine) dial(context.Context, string, string) (net.Conn, error) { return l.listener.Dial() }

// close returns when nobody is served any more.
func (l *guestLine) close() {
	l.listener.Close()
	<-l.ended
}

// guestHost stands where a browser would name the server.
const guestHost = "guests.invalid"

// sign opens a socket as whose token it is, and has a place in a bowl signed.
func (l *guestLine) sign(ctx context.Context, token string, ask facilitator.SignBowl) (*realtime.Signatures, error) {
	ctx, cancel := context.WithTimeout(ctx, guestWaits)
	defer cancel()
	dialer := websocket.Dialer{NetDialContext: l.dial}
	socket, response, err := dialer.DialContext(ctx, "ws://"+guestHost+"/ws", nil)
	if err != nil {
		return nil, fmt.Errorf("open a guest's socket: %w", err)
	}
	response.Body.Close()
	defer socket.Close()
	with, err := json.Marshal(ask)
	if err != nil {
		return nil, err
	}
	const id = 1
	for _, frame := range []realtime.ClientFrame{{Hello: &realtime.Hello{Token: token, Client: rand.Text()}}, {ID: id, Do: "bowl.sign", With: with}} {
		if err := socket.WriteJSON(frame); err != nil {
			return nil, fmt.Errorf("ask for a guest's signatures: %w", err)
		}
	}
	socket.SetReadDeadline(time.Now().Add(guestWaits))
	for {
		var f realtime.ServerFrame
		switch err := socket.ReadJSON(&f); {
		case err != nil:
			return nil, fmt.Errorf("wait for a guest's signatures: %w", err)
		case f.No == id:
			return nil, f.Error
		case f.OK == id && f.With != nil:
			return f.With, nil
		}
	}
}

// post places a body, and answers whether it is there.
func (l *guestLine) post(ctx context.Context, session string, step facilitator.StepID, body []byte) (bool, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+guestHost+"/api/bowl/"+session+"/"+string(step), bytes.NewReader(body))
	if err != nil {
		return false, err
	}
	request.Header.Set("Content-Type", "application/octet-stream")
	response, err := l.web.Do(request)
	if err != nil {
		return false, fmt.Errorf("post a guest's body: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusNoContent {
		return true, nil
	}
	var refused struct {
		Error facilitator.Refusal `json:"error"`
	}
	if err := json.NewDecoder(response.Body).Decode(&refused); err != nil {
		return false, fmt.Errorf("read why a guest's body was refused: %w", err)
	}
	return refused.Error.Reason == "bowl_token_spent", &refused.Error
}
