/**
 * Draws each photo anew before it is sent, in the page: nothing goes anywhere else, and where the photo was taken goes out
 * of it. One that is too large gets smaller. Without this script, or where it fails, the registry takes the place out.
 */
export const photoScript = `'use strict';
(function () {
  var sides = [2560, 1920, 1440, 1080, 720];

  function drawn(bitmap, side, type) {
    var scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
    var canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    var context = canvas.getContext('2d');
    if (type === 'image/jpeg') {
      // JPEG has no transparency.
      context.fillStyle = '#fff';
      context.fillRect(0, 0, canvas.width, canvas.height);
    }
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return new Promise(function (resolve) {
      canvas.toBlob(resolve, type, 0.85);
    });
  }

  // A picture of a screen stays sharp: it is drawn as PNG, as large as it was, where that fits.
  function fit(bitmap, png, most) {
    function draw(side, type) {
      return function () {
        return drawn(bitmap, side, type).then(function (blob) {
          if (blob && blob.size <= most) return blob;
          throw new Error('too large');
        });
      };
    }
    var ways = sides.map(function (side) {
      return draw(side, 'image/jpeg');
    });
    if (png) ways.unshift(draw(4096, 'image/png'));
    return ways.reduce(function (before, way) {
      return before.catch(way);
    }, Promise.reject(new Error('not yet')));
  }

  function watch(input) {
    var most = Number(input.getAttribute('data-most'));
    var note = document.createElement('p');
    var button = input.form.querySelector('button:not([type])');
    note.className = 'soft';
    note.setAttribute('aria-live', 'polite');
    input.insertAdjacentElement('afterend', note);
    function tell(what) {
      note.textContent = input.getAttribute('data-' + what);
      note.className = what === 'large' ? 'bad' : 'soft';
    }
    tell('will');
    input.addEventListener('change', function () {
      var file = input.files[0];
      if (!file || file.type.slice(0, 6) !== 'image/')
        return tell(file && file.size > most ? 'large' : 'will');
      button.disabled = true;
      tell('working');
      createImageBitmap(file, { imageOrientation: 'from-image' })
        .then(function (bitmap) {
          return fit(bitmap, file.type === 'image/png', most);
        })
        .then(function (blob) {
          var ending = blob.type === 'image/png' ? '.png' : '.jpg';
          // Another file was chosen meanwhile.
          if (input.files[0] !== file) return;
          var chosen = new DataTransfer();
          var name = file.name.replace(/\\.[^.]*$/, '') + ending;
          chosen.items.add(new File([blob], name, { type: blob.type }));
          input.files = chosen.files;
          tell('made');
        })
        .catch(function () {
          // The registry says why it does not take it, or takes the place out.
          if (input.files[0] === file) tell(file.size > most ? 'large' : '');
        })
        .then(function () {
          button.disabled = false;
        });
    });
  }

  if (window.createImageBitmap && window.DataTransfer) {
    Array.prototype.forEach.call(document.querySelectorAll('input[data-most]'), watch);
  }
})();
`;
