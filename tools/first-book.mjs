// first-book.mjs READY-FILE BOOK.txt: the only execution of the ready file's account is complete, and its plain text is the file's.
import { readFile } from 'node:fs/promises';

const [ready, book] = process.argv.slice(2);
const { api, key } = JSON.parse(await readFile(ready, 'utf8'));

async function get(path) {
  const answer = await fetch(new URL(path, api), { headers: { authorization: `Bearer ${key}` } });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer;
}

const { executions } = (await (await get('/engines-api/executions')).json()).data;
if (executions.length !== 1) throw new Error(`there are ${executions.length} executions instead of one`);
const { status, result } = (await (await get(`/engines-api/executions/${executions[0].executionId}`)).json()).data;
if (status !== 'completed') throw new Error(`the execution is ${status}`);
const kept = Buffer.from(await (await get(result.formats.txt.url)).arrayBuffer());
if (!kept.equals(await readFile(book))) throw new Error('the plain text is another one than at the first start');
