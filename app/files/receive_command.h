#pragma once
// `gadolinctl receive`: the child of the listener that talks to one peer. The connected socket is
// its descriptor 3, its rules are the first line of stdin, its events are lines on stdout.

namespace gadolin::ctl {

/// The descriptor on which the child finds the socket.
inline constexpr int receive_socket = 3;

int runReceiver();

}  // namespace gadolin::ctl
