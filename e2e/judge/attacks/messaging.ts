/** C: speak for the harness, silence it, or outlive the program. */
import { type Attack, row } from './attack.ts';

const zero = 'function f(){return 0}';

export const messaging: Attack[] = [
  row(
    'C01',
    'results for every id',
    `postMessage({id:0,score:1,ok:true});for(let i=0;i<99;i++)postMessage({id:i,score:1});${zero}`,
  ),
  row(
    'C03',
    'a listener that answers first',
    `addEventListener("message",e=>{e.stopImmediatePropagation();postMessage({id:e.data.id,score:1})},true);${zero}`,
  ),
  row('C05', 'mute later results', `self.postMessage=()=>{};${zero}`),
  row('C07', 'exit', `close();${zero}`),
  row(
    'C09',
    'a late message',
    `setTimeout(()=>{for(let i=0;i<99;i++)postMessage({id:i,score:1})},0);${zero}`,
  ),
  row('C11', 'a timer that lives on', `setInterval(()=>{Object.is=()=>true},0);${zero}`),
  row(
    'C13',
    'a nested worker',
    `try{const w=new Worker(URL.createObjectURL(new Blob(["for(;;);"])))}catch(e){}${zero}`,
  ),
  row(
    'C15',
    'another parent for the global',
    `self.name="";self.__proto__=null;Object.setPrototypeOf(self,{});${zero}`,
  ),
  row(
    'C31',
    'the global by every name',
    `for(const g of ["self","window","globalThis","global","frames","parent","top"])try{eval(g).postMessage({id:0,score:1})}catch(e){}${zero}`,
  ),
  row(
    'C32',
    'postMessage by globalThis',
    `try{globalThis.postMessage({type:"reports",nonce:0,from:0,reports:["3\\n9\\n7\\n-5\\n14\\n99"]})}catch(e){}${zero}`,
  ),
  row(
    'C33',
    'the prototypes of the global',
    `let p=globalThis;while(p){for(const k of Reflect.ownKeys(p))try{if(k==="postMessage"||k==="onmessage")p[k]({score:1})}catch(e){}p=Object.getPrototypeOf(p)}${zero}`,
  ),
  row('C34', 'a handler property on the global', `try{globalThis.onmessage=e=>{for(;;);}}catch(e){}${zero}`),
  row(
    'C35',
    'a broadcast channel',
    `try{const c=new BroadcastChannel("x");c.onmessage=()=>{};c.postMessage(1)}catch(e){}${zero}`,
  ),
  row(
    'C36',
    'a message channel that keeps running',
    `try{const {port1,port2}=new MessageChannel();port1.onmessage=()=>port2.postMessage(0);port2.postMessage(0)}catch(e){}${zero}`,
  ),
  row(
    'C37',
    'promise callbacks after the verdict',
    `Promise.resolve().then(()=>{Array.prototype.map=()=>[];Object.prototype.score=1});${zero}`,
  ),
  row(
    'C38',
    'an await that resumes among other programs',
    `(async()=>{for(let i=0;i<1000;i++){await 0;globalThis.seen=i}})().catch(()=>{});${zero}`,
  ),
  row('C39', 'a rejection nobody handles', `Promise.reject({score:1});${zero}`),
  row(
    'C40',
    'importScripts',
    `try{importScripts("data:text/javascript,postMessage({id:0,score:1})")}catch(e){}${zero}`,
  ),
  row(
    'C41',
    'a dynamic import of text',
    `import("data:text/javascript,postMessage(1)").catch(()=>{});${zero}`,
  ),
  row(
    'C42',
    'dispatchEvent',
    `try{dispatchEvent(new MessageEvent("message",{data:{type:"run",sources:[],sets:[]}}))}catch(e){}${zero}`,
  ),
];
