// Load for the capture bench on the loopback.
//
//	load udp SECONDS RATE BYTES   datagrams at a rate, to a socket that nobody reads
//	load tcp SECONDS              one connection, as fast as it goes
//
// Prints how many packets (udp) or bytes (tcp) were sent.
package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"time"
)

func number(i int) int {
	n, err := strconv.Atoi(os.Args[i])
	if err != nil {
		panic(err)
	}
	return n
}

func main() {
	end := time.Now().Add(time.Duration(number(2)) * time.Second)
	if os.Args[1] == "udp" {
		fmt.Println(udp(end, number(3), number(4)))
		return
	}
	fmt.Println(tcp(end))
}

func udp(end time.Time, rate, size int) int {
	sink, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		panic(err)
	}
	conn, err := net.Dial("udp4", sink.LocalAddr().String())
	if err != nil {
		panic(err)
	}
	payload := make([]byte, size)
	sent, start := 0, time.Now()
	for now := start; now.Before(end); now = time.Now() {
		due := int(now.Sub(start).Seconds() * float64(rate))
		for ; sent < due; sent++ {
			conn.Write(payload)
		}
		time.Sleep(200 * time.Microsecond)
	}
	return sent
}

func tcp(end time.Time) int {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go func() {
		conn, _ := listener.Accept()
		io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{conn}, make([]byte, 1<<20))
	}()
	conn, err := net.Dial("tcp4", listener.Addr().String())
	if err != nil {
		panic(err)
	}
	payload := make([]byte, 1<<20)
	sent := 0
	for time.Now().Before(end) {
		n, _ := conn.Write(payload)
		sent += n
	}
	return sent
}
