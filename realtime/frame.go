package realtime

import "encoding/binary"

// Frames to clients are built once, header and all, and written as they are: a server's frames are not
// masked, so the same bytes serve every connection.

const (
	opText  = 0x1
	opClose = 0x8
	opPing  = 0x9
	opPong  = 0xA
	final   = 0x80
)

func textFrame(payload []byte) []byte { return frameOf(opText, payload) }

// closeFrame carries a code and no words: those were said in a bye.
func closeFrame(code int) []byte {
	return frameOf(opClose, binary.BigEndian.AppendUint16(nil, uint16(code)))
}

func frameOf(op byte, payload []byte) []byte {
	b := make([]byte, 0, len(payload)+10)
	b = append(b, final|op)
	switch n := len(payload); {
	case n < 126:
		b = append(b, byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 127), uint64(n))
	}
	return append(b, payload...)
}
