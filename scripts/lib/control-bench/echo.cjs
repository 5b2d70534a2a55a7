// The least that a reply costs on this machine: a process of Node that has nothing to do but to answer each datagram
// with as many octets as a status has.
const socket = require('node:dgram').createSocket('udp4');
const reply = Buffer.from(JSON.stringify({ rval: 0, msg_id: 2560, param: 'x'.repeat(3500) }));
socket.on('message', (_, { address, port }) => socket.send(reply, port, address));
socket.bind(0, '127.0.0.1', () => console.log(socket.address().port));
