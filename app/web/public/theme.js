// Runs before the first paint, so that a chosen colour scheme never flashes the other one.
(function () {
  try {
    var key = 'thaw.settings:' + location.pathname;
    var theme = JSON.parse(localStorage.getItem(key) || '{}').theme;
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch {
    // No storage: the system's scheme counts.
  }
})();
