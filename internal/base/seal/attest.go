package seal

import (
	"crypto/ed25519"
	"crypto/sha256"
)

// Attest signs a statement so that anyone who knows the public key can check it without this box: Ed25519 under a key
// derived from the current master key. purpose ("evidence.anchor") keeps statements of one kind from passing as another.
func (b *Box) Attest(purpose string, statement []byte) (key, signature []byte) {
	seed, err := derive(b.ring[0].master[:], "kosmos/attest/v1", ed25519.SeedSize)
	if err != nil {
		panic("seal: derive attest key: " + err.Error()) // a 32-byte output cannot fail
	}
	private := ed25519.NewKeyFromSeed(seed)
	return private.Public().(ed25519.PublicKey), ed25519.Sign(private, attested(purpose, statement))
}

// Attested tells whether signature is the key holder's for the statement and purpose.
func Attested(key, signature []byte, purpose string, statement []byte) bool {
	return len(key) == ed25519.PublicKeySize && ed25519.Verify(key, attested(purpose, statement), signature)
}

// attested binds the purpose: its hash has a fixed length, so purpose and statement cannot run into each other.
func attested(purpose string, statement []byte) []byte {
	sum := sha256.Sum256([]byte(purpose))
	return append(sum[:], statement...)
}
