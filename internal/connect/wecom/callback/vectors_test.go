package callback

import (
	"crypto/cipher"
	"encoding/base64"
	"testing"
)

// vector is one published example of the platform's libraries; size stands for a text that is told by its parts.
type vector struct {
	name, token, key, receiver, signature, timestamp, nonce, encrypted, plain string

	size int
}

var vectors = []vector{
	{
		name: "V1", token: "QDG6eK", key: "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", receiver: "wx5823bf96d3bd56c7", signature: "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", timestamp: "1409659589", nonce: "263014780",
		encrypted: "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==", plain: "1616140317555161061",
	},
	{
		name: "V2", token: "QDG6eK", key: "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", receiver: "wx5823bf96d3bd56c7", signature: "477715d11cdb4164915debcba66cb864d751f3e6", timestamp: "1409659813", nonce: "1372623149",
		encrypted: "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==", size: 284,
	},
	{
		name: "V3", token: "QDG6eK", key: "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", receiver: "wx5823bf96d3bd56c7", signature: "0623cbc5a8cbee5bcc137c70de99575366fc2af3", timestamp: "1409659813", nonce: "1372623149",
		encrypted: "CZWs4CWRpI4VolQlvn4dlEC1alN2MUEY2VklGehgBVLBrlVF7SyT+SV+Toj43l4ayJ9UMGKphktKKmP7B2j/P1ey67XB8PBgS7Wr5/8+w/yWriZv3Vmoo/MH3/1HsIWZrPQ3N2mJrelStIfI2Y8kLKXA7EhfZgZX4o+ffdkZDM76SEl79Ib9mw7TGjZ9Aw/x/A2VjNbV1E8BtEbRxYYcQippYNw7hr8sFfa3nW1xLdxokt8QkRX83vK3DFP2F6TQFPL2Tu98UwhcUpPvdJBuu1/yiOQIScppV3eOuLWEsko=", plain: `{"ToUserName":"wx5823bf96d3bd56c7","FromUserName":"mycreate","CreateTime": 1409659813,"MsgType":"text","Content":"hello","MsgId":4561255354251345929,"AgentID": 218}`,
	},
	{
		name: "V4", token: "hJqcu3uJ9Tn2gXPmxx2w9kkCkCE2EPYo", key: "6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt", receiver: "ww1436e0e65a779aee", signature: "012bc692d0a58dd4b10f8dfe5c4ac00ae211ebeb", timestamp: "1476416373", nonce: "47744683",
		encrypted: "fsi1xnbH4yQh0+PJxcOdhhK6TDXkjMyhEPA7xB2TGz6b+g7xyAbEkRxN/3cNXW9qdqjnoVzEtpbhnFyq6SVHyA==", plain: "1288432023552776189",
	},
	{
		name: "V5", token: "hJqcu3uJ9Tn2gXPmxx2w9kkCkCE2EPYo", key: "6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt", receiver: "ww1436e0e65a779aee", signature: "0c3914025cb4b4d68103f6bfc8db550f79dcf48e", timestamp: "1476422779", nonce: "1597212914",
		encrypted: "Kl7kjoSf6DMD1zh7rtrHjFaDapSCkaOnwu3bqLc5tAybhhMl9pFeK8NslNPVdMwmBQTNoW4mY7AIjeLvEl3NyeTkAgGzBhzTtRLNshw2AEew+kkYcD+Fq72Kt00fT0WnN87hGrW8SqGc+NcT3mu87Ha3dz1pSDi6GaUA6A0sqfde0VJPQbZ9U+3JWcoD4Z5jaU0y9GSh010wsHF8KZD24YhmZH4ch4Ka7ilEbjbfvhKkNL65HHL0J6EYJIZUC2pFrdkJ7MhmEbU2qARR4iQHE7wy24qy0cRX3Mfp6iELcDNfSsPGjUQVDGxQDCWjayJOpcwocugux082f49HKYg84EpHSGXAyh+/oxwaWbvL6aSDPOYuPDGOCI8jmnKiypE+", size: 228,
	},
	{
		name: "V6", token: "kjr2TKI8umCBfVF3wAHk8JiPwma5VBme", key: "4Ma3YBrSBbX2aez8MJpXGBne5LSDwgGqHbhM9WPYIws", receiver: "ww6a112864f8022910", signature: "1ba3cb09c0d2c2b3ed6900d37f91a6efae6cb011", timestamp: "1583940690", nonce: "VHh7ymSeb0jc4lSb",
		encrypted: "6KmUQuPVu7UhjyVqRdbo5SfcRqaHvbUlKSHFvBV2ZuR6TIlKsygcfeSd1GDplg1C5KSKr6UPHCaC/nIX3ZNt9w==", plain: "94966531020182955848408",
	},
	{
		name: "V7", token: "kz7Yx62CH8SaLN", key: "cD0d7jx4tYvVtzqrmh3Dm3QFCXe6f8SlHoMtMh3qQEP", receiver: "ww6a112864f8022910", signature: "f265ae551b1932727204c3d707628d01376a6940", timestamp: "1583995625", nonce: "1584392382",
		encrypted: "EUCt7xMcNiyASzZj0Hjc5yDjFQrCum6AfQ3ntHiUzjGQ51xieKmbvtrZ40/EcB2W/W8yH0n4Lqx48gJl/T9HD/R309I0P/r5pIZucK3lyEn48FYMr4YdE0QdL2jIJ3xkcXUr6uzefzCxG6lMvwpAJaOyVCzN7sRRw47njfxy5EIqU6R9ZBhlTzfdnhhOhK/nTwzrZX3SoGlXFA9OBeZ6ru1NWpXFk76x9DUMe0lcxPPiUqK8ctnQcYXSGUHVqC6DfG7E7mab0OmruNN8cBZY5d3dYOBA4OgaH55Q0AJmUpdT8vNiXpXx+6TxT3TIjySXpDrHVyrsb772aYywgg/Nu4kUmGkALwFZlzhjNegR7wDwb9lr4ERXsSSS8JZ8lbBmaQ3F2Tq584xoPj5rIhXAF734ynm4no1g+SdHiNqR328=", size: 269,
	},
}

func (v *vector) crypto(t testing.TB) *Crypto {
	t.Helper()
	c, err := New(v.token, v.key, v.receiver)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// raw encrypts blocks as they are, good filling or not.
func (c *Crypto) raw(blocks string) string {
	out := make([]byte, len(blocks))
	cipher.NewCBCEncrypter(c.block, c.iv).CryptBlocks(out, []byte(blocks))
	return base64.StdEncoding.EncodeToString(out)
}
