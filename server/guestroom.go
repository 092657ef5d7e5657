package server

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"mend/facilitator"
)

// practising is what a guest would do in a practice room, so that one person alone can go through a whole round with them.
func (g *Guests) practising(ctx context.Context, id facilitator.PersonID, here string, words guestVocabulary) plan {
	document, err := g.server.node.View(ctx, g.session, facilitator.ForPerson(id))
	own, ok := document.(facilitator.Own)
	if err != nil || !ok {
		return plan{mind: here}
	}
	mine, _ := own.Exercise.(facilitator.PracticeOwn)
	document, err = g.server.node.View(ctx, g.session, facilitator.ForRoom(mine.Room))
	room, ok := document.(facilitator.RoomView)
	if err != nil || !ok {
		if mine.InRole {
			return g.give(id, here+" steps out", facilitator.StepOut{}, between(2*time.Second, 5*time.Second))
		}
		return plan{mind: here}
	}
	guest, turn := g.seated[id], fmt.Sprint(here, " ", room.Room, " ", room.Turn)
	if line := words.line(mine.Role); line != "" && room.Phase == "rehearse" && !room.Stopped && guest.wrote != turn {
		return plan{turn + " writes", func(ctx context.Context) {
			guest.wrote = turn
			g.do(ctx, facilitator.Seat{Person: id}, facilitator.WriteToRoom{Room: room.Room, Text: line})
		}, between(3*time.Second, 15*time.Second)}
	}
	mind, command, after := roomIntent(id, mine, room, g.alone(room))
	return g.give(id, mind, command, after)
}

// alone reports whether nobody but guests is in a room.
func (g *Guests) alone(room facilitator.RoomView) bool {
	for p := range room.Members {
		if g.seated[p] == nil {
			return false
		}
	}
	return true
}

// roomIntent agrees, takes its time over each phase, steps out of role, and after a stop does as the people in the room do.
func roomIntent(id facilitator.PersonID, mine facilitator.PracticeOwn, room facilitator.RoomView, alone bool) (string, facilitator.Command, time.Duration) {
	mind := fmt.Sprint(room.Room, " ", room.Turn, " ", room.Phase, " ", room.Stopped, " ", room.Terms, " ", room.Members[id].Ready, " ", mine.InRole)
	ready := facilitator.ReadyToGoOn{Room: room.Room, Phase: room.Phase, Turn: room.Turn}
	switch {
	case room.Stopped:
		choice := othersChoice(id, room)
		if alone {
			choice = "on" // who stopped it has left
		}
		if choice == "" || choice == room.Members[id].Choice {
			return mind + " waits", nil, 0
		}
		return mind + string(choice), facilitator.ChooseAfterStop{Room: room.Room, Choice: choice}, between(time.Second, 3*time.Second)
	case mine.OutFirst:
		return mind + " out first", facilitator.StepOut{}, between(2*time.Second, 6*time.Second)
	case room.Phase == "consent" && room.Terms.Scenario == "":
		if mine.Role != "speaker" {
			return mind, nil, 0
		}
		terms := facilitator.Terms{Scenario: "own", Stance: "guarded", Difficulty: 1, StopWord: room.Terms.StopWord}
		return mind, facilitator.SetTerms{Room: room.Room, Terms: terms}, between(2*time.Second, 6*time.Second)
	case room.Phase == "consent":
		return mind, ready, between(2*time.Second, 8*time.Second)
	case mine.InRole && (room.Phase == "out" || room.Phase == "waiting" || room.Phase == "done"):
		return mind, facilitator.StepOut{}, between(2*time.Second, 6*time.Second)
	case room.Phase == "rehearse" && mine.Role == "observer" && len(mine.Marks) < 3:
		seen := []facilitator.Behaviour{"specific", "permission", "silence", "reflected"}[rand.N(4)]
		return fmt.Sprint(mind, len(mine.Marks)), facilitator.Mark{Room: room.Room, Behaviour: seen}, between(5*time.Second, 20*time.Second)
	case room.Phase == "waiting" || room.Phase == "done" || room.Phase == "out":
		return mind, nil, 0
	}
	return mind, ready, between(20*time.Second, 60*time.Second)
}

// othersChoice is what somebody else in the room wants after a stop: guests press no Stop, and leave the choice to people.
func othersChoice(id facilitator.PersonID, room facilitator.RoomView) facilitator.Choice {
	for other, m := range room.Members {
		if other != id && m.Choice != "" {
			return m.Choice
		}
	}
	return ""
}
