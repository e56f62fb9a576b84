// Package app puts the program together: it is the only package that knows every room. modules.go is THE list of rooms,
// wire.go plugs what one room needs of another, app.go opens and closes the whole, serve.go runs it as a server and
// cli*.go are the commands of the shell.
//
// Order of a start: store → house migrations → node number → services → room migrations → (serve) jobs → listener.
// Order of an end: listener drains → streams close → jobs stop → node number is given back → store closes.
//
// Not here: any rule of the business; a command calls one service method and prints what it answers.
package app
