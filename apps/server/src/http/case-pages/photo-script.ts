/**
 * Makes a photo that is too large smaller before it is sent, in the page: nothing goes anywhere else, and where the photo
 * was taken goes out of it. Without this script, or where it fails, the server says that the file is too large.
 */
export const photoScript = `'use strict';
(function () {
  var sides = [2560, 1920, 1440, 1080, 720];

  function smaller(bitmap, side, most) {
    var scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
    var canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    var context = canvas.getContext('2d');
    // JPEG has no transparency.
    context.fillStyle = '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return new Promise(function (resolve, reject) {
      canvas.toBlob(
        function (blob) {
          if (blob && blob.size <= most) resolve(blob);
          else reject(new Error('too large'));
        },
        'image/jpeg',
        0.85,
      );
    });
  }

  function fit(bitmap, most) {
    return sides.reduce(function (before, side) {
      return before.catch(function () {
        return smaller(bitmap, side, most);
      });
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
      if (!file || file.size <= most) return tell('will');
      if (!/^image\\/(jpeg|png|webp)$/.test(file.type)) return tell('large');
      button.disabled = true;
      tell('working');
      createImageBitmap(file, { imageOrientation: 'from-image' })
        .then(function (bitmap) {
          return fit(bitmap, most);
        })
        .then(function (blob) {
          // Another file was chosen meanwhile.
          if (input.files[0] !== file) return;
          var chosen = new DataTransfer();
          var name = file.name.replace(/\\.[^.]*$/, '') + '.jpg';
          chosen.items.add(new File([blob], name, { type: 'image/jpeg' }));
          input.files = chosen.files;
          tell('made');
        })
        .catch(function () {
          if (input.files[0] === file) tell('large');
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
