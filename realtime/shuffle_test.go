package realtime

import (
	"math"
	"testing"
)

// chiSquareLimit is the value that a chi-square of so many degrees exceeds once in a million draws
// (Wilson and Hilferty's approximation).
func chiSquareLimit(degrees int) float64 {
	const z, d = 4.7534, 9.0
	f := float64(degrees)
	return f * math.Pow(1-2/(d*f)+z*math.Sqrt(2/(d*f)), 3)
}

// Every order of five things is as likely as any other: chi-square over the 120 orders, 119 degrees.
func TestTheShuffleIsUniform(t *testing.T) {
	const draws = 120_000
	counts := map[[5]int]int{}
	for range draws {
		order := [5]int{0, 1, 2, 3, 4}
		shuffle(5, func(i, j int) { order[i], order[j] = order[j], order[i] })
		counts[order]++
	}
	want, chi := float64(draws)/120, 0.0
	for _, n := range counts {
		chi += (float64(n) - want) * (float64(n) - want) / want
	}
	t.Logf("chi-square %.1f over %d orders; limit %.1f", chi, len(counts), chiSquareLimit(119))
	if len(counts) != 120 || chi > chiSquareLimit(119) {
		t.Errorf("chi-square %.1f over %d orders", chi, len(counts))
	}
	holdPlaces(t)
}

// holdPlaces: each of 30 things comes to each of 30 places equally often; 29×29 degrees.
func holdPlaces(t *testing.T) {
	const things, draws = 30, 30_000
	var counts [things][things]int
	order := make([]int, things)
	for range draws {
		for i := range order {
			order[i] = i
		}
		shuffle(things, func(i, j int) { order[i], order[j] = order[j], order[i] })
		for place, thing := range order {
			counts[thing][place]++
		}
	}
	want, chi := float64(draws)/things, 0.0
	for _, row := range counts {
		for _, n := range row {
			chi += (float64(n) - want) * (float64(n) - want) / want
		}
	}
	t.Logf("chi-square %.1f over places; limit %.1f", chi, chiSquareLimit(29*29))
	if chi > chiSquareLimit(29*29) {
		t.Errorf("chi-square %.1f over places", chi)
	}
}
