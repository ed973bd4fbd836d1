// Load for an echo server: CONNS connections, each with DEPTH messages of SIZE
// bytes under way. Warms up, says "ready", waits for a line, then measures:
// prints how many messages came back and how many seconds that took.
package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"sync"
	"time"
)

// The server puts "your message is" before each message.
const prefixLen = 15

func number(at int) int {
	n, err := strconv.Atoi(os.Args[at])
	if err != nil {
		panic(err)
	}
	return n
}

// One batch of messages out, all its answers in.
func exchange(conn net.Conn, out, in []byte) {
	if _, err := conn.Write(out); err != nil {
		panic(err)
	}
	if _, err := io.ReadFull(conn, in); err != nil {
		panic(err)
	}
}

// Messages exchanged by all connections in the given time.
func run(conns []net.Conn, depth, size int, lasting time.Duration) int {
	var all sync.WaitGroup
	counts := make([]int, len(conns))
	end := time.Now().Add(lasting)
	for i := range conns {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			out := make([]byte, depth*size)
			for i := range out {
				out[i] = 'a'
			}
			in := make([]byte, depth*(prefixLen+size))
			for time.Now().Before(end) {
				exchange(conns[i], out, in)
				counts[i] += depth
			}
		}(i)
	}
	all.Wait()
	total := 0
	for _, count := range counts {
		total += count
	}
	return total
}

func main() {
	conns := make([]net.Conn, number(2))
	for i := range conns {
		conn, err := net.Dial("tcp", os.Args[1])
		if err != nil {
			panic(err)
		}
		conns[i] = conn
	}
	depth, size := number(3), number(4)
	run(conns, depth, size, time.Duration(number(5))*time.Millisecond)
	fmt.Println("ready")
	stdin := bufio.NewReader(os.Stdin)
	stdin.ReadString('\n')
	start := time.Now()
	total := run(conns, depth, size, time.Duration(number(6))*time.Millisecond)
	fmt.Println(total, time.Since(start).Seconds())
	stdin.ReadString('\n')
}
