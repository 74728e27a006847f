/** Syslog over the network, into the receipt. */
export { listenerAddress, type ListenerAddress } from "./address.ts";
export { startListeners, type Listeners, type ListenerSetup, type ListenerState } from "./startListeners.ts";
