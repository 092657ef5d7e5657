package server

import (
	"net/http"
	"strings"
	"testing"
)

func TestNobodyIsBuiltInAsWhoCanHelp(t *testing.T) {
	w := newWorld(t)
	got := w.get("/api/resources")
	if body := string(got.body); got.status != http.StatusOK || !strings.Contains(body, `"helpers":[]`) {
		t.Errorf("%d: %s", got.status, got.body)
	}
	if control := got.header.Get("Cache-Control"); control != "public, max-age=300" {
		t.Errorf("cached as %q", control)
	}
	tag := got.header.Get("ETag")
	request, err := http.NewRequest(http.MethodGet, w.base+"/api/resources", nil)
	must(t, err)
	request.Header.Set("If-None-Match", tag)
	again, err := http.DefaultClient.Do(request)
	must(t, err)
	again.Body.Close()
	if tag == "" || again.StatusCode != http.StatusNotModified {
		t.Errorf("asked again with %q: %d", tag, again.StatusCode)
	}
}

func TestAnOperatorsResources(t *testing.T) {
	const file = "languages: [en]\nhelpers:\n  - topic: debt\n    name: {en: Advice}\n    phone: \"555-0100\"\n"
	board, err := readResources("here.yaml", []byte(file))
	must(t, err)
	if want := `{"languages":["en"],"helpers":[{"topic":"debt","name":{"en":"Advice"},"phone":"555-0100"}]}`; string(board.body) != want {
		t.Errorf("sent as %s", board.body)
	}
	if _, err := readResources("here.yaml", []byte(strings.Replace(file, "debt", "money", 1))); err == nil || !strings.HasPrefix(err.Error(), "here.yaml:3:12: ") {
		t.Errorf("%v", err)
	}
}
