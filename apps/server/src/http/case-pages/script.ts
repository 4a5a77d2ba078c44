/**
 * The one script of the creator's pages: opens the link of a notice, makes keys in the browser, signs what their owner gives
 * up, and tells times by the reader's clock. Every page works without it. Written for old phones; it asks nobody for anything.
 */
export const script = `'use strict';
(function () {
  var alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
  var secret = /^#?([0-9a-hjkmnp-tv-z]{4}(?:-[0-9a-hjkmnp-tv-z]{4}){7})$/;

  function each(selector, act) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), act);
  }

  // The server never sees a fragment. It leaves the address bar before the code is posted.
  function openLink() {
    var found = secret.exec(location.hash.toLowerCase());
    if (!found) return;
    history.replaceState(null, '', location.pathname);
    var field = document.querySelector('input[name="code"]:not([type="hidden"])');
    if (!field) return;
    field.value = found[1];
    // What a link of somebody else's would do is left to the reader.
    if (field.id === 'case-code') field.form.submit();
  }

  function newKey() {
    var bytes = crypto.getRandomValues(new Uint8Array(32));
    var text = Array.prototype.map.call(bytes, function (byte) {
      return alphabet.charAt(byte & 31);
    });
    return text.join('').match(/.{4}/g).join('-');
  }

  if (window.crypto && crypto.getRandomValues) {
    each('input[data-make="key"]', function (field) {
      field.value = newKey();
      field.setAttribute('data-made', 'here');
    });
  }

  // The key that signs what its owner gives up stays in this browser: no script can read it out, nor can this one.
  function inStore(mode, act) {
    return new Promise(function (resolve, reject) {
      var opening = indexedDB.open('recourse', 1);
      opening.onupgradeneeded = function () {
        opening.result.createObjectStore('keys');
      };
      opening.onerror = reject;
      opening.onsuccess = function () {
        var request = act(opening.result.transaction('keys', mode).objectStore('keys'));
        request.onerror = reject;
        request.onsuccess = function () {
          resolve(request.result);
        };
      };
    });
  }

  function bytesOf(text) {
    return new TextEncoder().encode(text);
  }

  function base64url(buffer) {
    var text = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(text).replace(/\\+/g, '-').replace(/\\//g, '_').replace(/=+$/, '');
  }

  function makeSigningKey(form) {
    var algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
    return crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']).then(function (pair) {
      return crypto.subtle.exportKey('jwk', pair.publicKey).then(function (jwk) {
        // In the order of RFC 7638: the hash of this text is the name of the key.
        var text = JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y });
        return crypto.subtle
          .digest('SHA-256', bytesOf(text))
          .then(function (hash) {
            return inStore('readwrite', function (store) {
              return store.put(pair.privateKey, base64url(hash));
            });
          })
          .then(function () {
            form.querySelector('input[name="signingKey"]').value = text;
          });
      });
    });
  }

  function sign(form) {
    var what = form.getAttribute('data-act');
    var kept = inStore('readonly', function (store) {
      return store.get(form.getAttribute('data-kid'));
    });
    return kept.then(function once(key) {
      var algorithm = { name: 'ECDSA', hash: 'SHA-256' };
      return crypto.subtle.sign(algorithm, key, bytesOf(what)).then(function (signature) {
        // The registry refuses the half of all signatures that have a high s.
        if (new Uint8Array(signature)[32] > 126) return once(key);
        form.querySelector('input[name="act"]').value = what + '.' + base64url(signature);
      });
    });
  }

  // A page in another language comes back with what was typed into all its forms, where the button posts one of them.
  var isSwitching = false;
  function carry(form, other) {
    var path = other.getAttribute('action').split('?')[0];
    Array.prototype.forEach.call(other.elements, function (field) {
      var isTyped = field.name && field.type !== 'hidden' && field.value;
      if (!isTyped || (field.type === 'radio' && !field.checked)) return;
      var input = document.createElement('input');
      input.type = 'hidden';
      input.name = path + ' ' + field.name;
      input.value = field.value;
      form.appendChild(input);
    });
  }
  each('button[name="from"]', function (button) {
    button.addEventListener('click', function () {
      isSwitching = true;
      each('form[id]', function (other) {
        if (other !== button.form) carry(button.form, other);
      });
    });
  });

  // Whatever fails, the form is sent: what nobody signed waits 14 days, and says so.
  var isSending = false;
  function before(selector, prepare) {
    each(selector, function (form) {
      form.addEventListener('submit', function (event) {
        if (isSwitching) return;
        event.preventDefault();
        if (isSending) return;
        isSending = true;
        function send() {
          form.submit();
        }
        try {
          prepare(form).then(send, send);
        } catch (error) {
          send();
        }
      });
    });
  }
  window.addEventListener('pageshow', function () {
    isSending = isSwitching = false;
  });

  if (window.crypto && crypto.subtle && window.indexedDB) {
    before('form[data-enters]', makeSigningKey);
    before('form[data-kid]', sign);
  }
  // The reader's own way to write dates, where it is of the language of the page.
  var language = document.documentElement.lang;
  var own = navigator.language || '';
  var locale = own.slice(0, 2) === language ? own : language;
  each('time[datetime]', function (time) {
    var at = new Date(time.getAttribute('datetime'));
    try {
      var style = time.hasAttribute('data-day')
        ? { dateStyle: 'long' }
        : { dateStyle: 'long', timeStyle: 'short' };
      time.textContent = at.toLocaleString(locale, style);
    } catch (error) {
      time.textContent = at.toLocaleString();
    }
  });
  // A letter says nothing secret, and still stays out of addresses that are logged.
  function checkLink() {
    var field = document.querySelector('textarea[name="letter"]');
    if (!field || !/^#([\\w-]+\\.[\\w-]+\\.[\\w-]+|\\w{4}(-\\w{4}){5})$/.test(location.hash)) return;
    field.value = location.hash.slice(1);
    history.replaceState(null, '', location.pathname);
    field.form.submit();
  }
  checkLink();
  window.addEventListener('hashchange', openLink);
  openLink();
})();
`;
