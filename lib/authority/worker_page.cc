#include "authority/worker_page.h"

namespace nearzone::authority {

const char* const kWorkerPage = R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Issue a code</title>
<link rel="stylesheet" href="/issue.css">
<script src="/issue.js" defer></script>
</head>
<body>
<main>
<h1>Issue a code</h1>
<form id="sign-in">
  <label for="key">Your key</label>
  <input id="key" type="password" autocomplete="off" spellcheck="false" required>
  <button>Sign in</button>
</form>
<div id="signed-in" hidden>
<form id="issue">
  <fieldset>
    <legend>Test</legend>
    <label><input type="radio" name="type" value="confirmed" checked> Positive test</label>
    <label><input type="radio" name="type" value="likely"> Clinical diagnosis</label>
    <label><input type="radio" name="type" value="negative"> Negative test (takes an earlier report back)</label>
    <label><input type="radio" name="type" value="user-report"> The person's own test</label>
  </fieldset>
  <label for="symptoms">First symptoms <small>leave empty if none</small></label>
  <input id="symptoms" type="date">
  <label for="tested">Day of the test <small>optional</small></label>
  <input id="tested" type="date">
  <label for="phone">Phone number for a text message <small>optional, as +84912345678</small></label>
  <input id="phone" type="tel" autocomplete="off" pattern="\+[0-9]{8,15}">
  <button>Issue a code</button>
</form>
<section id="issued" hidden>
  <h2>Tell the person this code</h2>
  <p id="code"></p>
  <p>Valid until <time id="until"></time>, once.</p>
  <p><small>Number of this code, to look it up: <span id="uuid"></span></small></p>
  <button id="expire" type="button">Expire it now</button>
</section>
<button id="sign-out" type="button">Sign out</button>
</div>
<p id="message" role="status"></p>
</main>
</body>
</html>
)html";

const char* const kWorkerPageStyle = R"css(
body { font: 1rem/1.5 system-ui, sans-serif; color: #1c2430; background: #f2f4f7; margin: 0; }
main { max-width: 30rem; margin: 2rem auto; padding: 1.5rem; background: #fff; border-radius: .5rem; }
h1 { margin-top: 0; font-size: 1.5rem; }
label { display: block; margin-top: .75rem; }
fieldset { border: 1px solid #b8c0cc; border-radius: .25rem; }
input:not([type=radio]) { box-sizing: border-box; width: 100%; padding: .5rem; font: inherit; }
button { margin-top: 1rem; padding: .5rem 1rem; font: inherit; }
#code { font: 700 2.25rem/1.2 ui-monospace, monospace; letter-spacing: .1em; user-select: all; }
#message { min-height: 1.5em; color: #a3190d; }
small { color: #556070; }
)css";

const char* const kWorkerPageScript = R"js('use strict';
// The key lives in this variable and nowhere else: not in storage, not in a cookie.
let key = '';
let issued = null;
const $ = (id) => document.getElementById(id);

function say(text) { $('message').textContent = text; }

async function ask(path, body) {
  let response;
  try {
    response = await fetch(path, {
      method: 'POST',
      headers: {'Content-Type': 'application/json', 'X-API-Key': key},
      body: JSON.stringify(body),
    });
  } catch {
    return {status: 0, body: {error: 'The server cannot be reached.'}};
  }
  let parsed = {};
  try { parsed = await response.json(); } catch { /* an answer without a body says enough */ }
  return {status: response.status, body: parsed};
}

function signOut(why) {
  key = '';
  issued = null;
  $('code').textContent = '';
  $('uuid').textContent = '';
  $('issued').hidden = true;
  $('signed-in').hidden = true;
  $('sign-in').hidden = false;
  $('key').value = '';
  say(why);
}

// Tells what went wrong; whether nothing did.
function succeeded(answer) {
  if (answer.status === 200) { say(''); return true; }
  if (answer.status === 401) { signOut('This key may not issue codes.'); return false; }
  say(answer.body.error || 'The server answered ' + answer.status + '.');
  return false;
}

function grouped(code) { return code.replace(/(.{4})(?=.)/g, '$1 '); }

$('sign-in').addEventListener('submit', async (event) => {
  event.preventDefault();
  key = $('key').value.trim();
  // No code has this number: a key that may ask is told so.
  const answer = await ask('/api/checkcodestatus', {uuid: '00000000-0000-4000-8000-000000000000'});
  if (answer.status !== 404) { succeeded(answer); if (answer.status !== 401) key = ''; return; }
  say('');
  $('key').value = '';
  $('sign-in').hidden = true;
  $('signed-in').hidden = false;
});

$('issue').addEventListener('submit', async (event) => {
  event.preventDefault();
  const body = {
    testType: document.querySelector('input[name=type]:checked').value,
    symptomDate: $('symptoms').value,
    testDate: $('tested').value,
    tzOffset: -new Date().getTimezoneOffset(),
  };
  if ($('phone').value) body.phone = $('phone').value;
  const answer = await ask('/api/issue', body);
  if (!succeeded(answer)) return;
  issued = answer.body.uuid;
  $('code').textContent = grouped(answer.body.code);
  $('until').textContent = new Date(answer.body.expiresAtTimestamp * 1000).toLocaleTimeString();
  $('uuid').textContent = issued;
  $('issued').hidden = false;
  $('expire').disabled = false;
  $('phone').value = '';
});

$('expire').addEventListener('click', async () => {
  const answer = await ask('/api/expirecode', {uuid: issued});
  if (!succeeded(answer)) return;
  $('code').textContent = '';
  $('expire').disabled = true;
  say('The code was expired.');
});

$('sign-out').addEventListener('click', () => signOut(''));
)js";

}  // namespace nearzone::authority
