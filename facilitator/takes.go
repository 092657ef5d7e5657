package facilitator

import "encoding/json"

// How long a step takes a group of so many, where its script lets one say so: for whoever writes a programme, while they
// write it. They are estimates, made to show that twelve people with three minutes each are thirty-six minutes; no clock of
// a session reads them.

// StepTime is how long a step takes a group: something first, then turns of so long each; and all of it together.
type StepTime struct {
	Turns int    `json:"turns,omitempty"`
	Each  Millis `json:"each,omitempty"`
	First Millis `json:"first,omitempty"` // besides the turns: writing, answering, finding one's room
	Whole Millis `json:"whole"`
}

const (
	tapping    = minute      // until the last phone has answered, and the group has looked at what came of it
	penning    = 3 * minute  // until most have written what they put into a bowl
	readAloud  = 20 * second // a share from a bowl, with the breath after it
	voice      = minute / 2  // what one person says in a talk of the group
	voices     = 4           // so many speak to a question before it has been talked about
	readCard   = 20 * second // a card of a sort, placed for oneself
	readWays   = minute      // answers to a card, read out and left to stand
	allTapped  = 20 * second // consent in a room, or stepping out of role
	togetherIn = 2 * minute  // finding one's room, and the way back
	passage    = 30 * second // read aloud
	breathing  = 2 * minute
)

// timed is a script that knows how long it takes.
type timed interface {
	takes(people int, planned Millis) StepTime
}

// Takes says for the steps whose scripts know it how long they take a group of so many.
func (p Programme) Takes(people int) map[StepID]StepTime {
	all := map[StepID]StepTime{}
	for _, s := range p.Steps {
		script, known := scriptFor(s.Kind)
		t, knows := script.(timed)
		if !known || !knows || json.Unmarshal(s.With, script) != nil {
			continue
		}
		all[StepID(s.ID)] = t.takes(people, Millis(s.Minutes)*minute)
	}
	return all
}

func inTurns(first Millis, n int, each Millis) StepTime {
	return StepTime{Turns: n, Each: each, First: first, Whole: first + each*Millis(n)}
}

// talk is how long a group talks about questions, which everybody hears and some answer.
func talk(questions, people int) Millis {
	return Millis(questions) * Millis(min(people, voices)) * voice
}

// Everybody speaks in turn, for as long as the script allows or the minutes do.
func (sc *GoAroundScript) takes(people int, planned Millis) StepTime {
	if sc.Most == 0 {
		return StepTime{Turns: people, Each: planned / Millis(max(people, 1)), Whole: planned}
	}
	return inTurns(0, people, Millis(sc.Most)*second)
}

func (sc *ReadingScript) takes(int, Millis) StepTime { return inTurns(0, len(sc.Passages), passage) }

func (sc *QuietScript) takes(int, Millis) StepTime {
	return StepTime{Whole: Millis(sc.Seconds) * second}
}

// All answer at once. What takes longer with more people is waiting for the last.
func (sc *CheckInScript) takes(people int, _ Millis) StepTime {
	return StepTime{Whole: tapping + Millis(people/20)*minute/2}
}

// Everybody writes at once, every phone hands in, and then each share is read aloud.
func (sc *BowlScript) takes(people int, _ Millis) StepTime {
	return inTurns(penning+Millis(sc.Window)*second, people, readAloud)
}

// One line is said better; how many of them are taken is the facilitator's choice. What was learned follows.
func (sc *SayItBetterScript) takes(people int, _ Millis) StepTime {
	return inTurns(penning+Millis(sc.Window)*second+tapping, people, readAloud)
}

func (sc *PollScript) takes(people int, _ Millis) StepTime {
	return inTurns(tapping, len(sc.Talk), talk(1, people))
}

// Each places the cards alone; then they are gone through, with their questions.
func (sc *SortScript) takes(people int, _ Millis) StepTime {
	questions := len(sc.Prompts)
	for _, card := range sc.Cards {
		questions += len(card.Prompts)
	}
	first := Millis(len(sc.Cards)) * readCard
	return inTurns(first+talk(questions, people), len(sc.Cards), voice)
}

// A room has as many turns as people, in lines as many as there are rounds on both sides.
func (sc *PracticeScript) takes(people int, _ Millis) StepTime {
	m := sc.Minutes
	each, n := m.Prepare+m.Rehearse+m.Speaker+m.Listener+m.Again, 2
	switch sc.Form {
	case "threes":
		each, n = each+m.Observer, 3
	case "lines":
		each, n = m.Rehearse+m.Speaker+m.Listener, 2*sc.Rounds
	}
	if sc.Form == "lines" {
		return inTurns(togetherIn/2, n, Millis(each)*minute+2*allTapped) // the line moves on by itself
	}
	return inTurns(togetherIn, n, Millis(each)*minute+2*allTapped)
}

// A card is tried, and answers to it are read; at the end comes tonight.
func (sc *AnswerNoScript) takes(int, Millis) StepTime {
	each := Millis(sc.Minutes) * minute
	return inTurns(each, len(sc.Cards), each+readWays)
}

// The longest of what is offered.
func (sc *GroundingScript) takes(int, Millis) StepTime {
	whole := Millis(0)
	if len(sc.Breathing) > 0 {
		whole = breathing
	}
	for _, guide := range sc.Guides {
		whole = max(whole, Millis(guide.Each*len(guide.Lines))*second)
	}
	return StepTime{Whole: whole}
}

func (sc *FeedbackScript) takes(int, Millis) StepTime {
	whole := Millis(len(sc.Questions)) * voice
	if len(sc.Comment) > 0 {
		whole += minute
	}
	return StepTime{Whole: whole}
}

// Everybody writes at once.
func writingTakes(minutes int) StepTime { return StepTime{Whole: Millis(minutes) * minute} }

func (sc *AmendsMapScript) takes(int, Millis) StepTime   { return writingTakes(sc.Minutes) }
func (sc *CommitmentsScript) takes(int, Millis) StepTime { return writingTakes(sc.Minutes) }
func (sc *LetterScript) takes(int, Millis) StepTime      { return writingTakes(sc.Minutes) }
func (sc *OtherShoesScript) takes(int, Millis) StepTime  { return writingTakes(sc.Minutes) }
func (sc *SelfAmendsScript) takes(int, Millis) StepTime  { return writingTakes(sc.Minutes) }
