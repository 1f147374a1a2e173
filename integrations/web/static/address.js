// The address bar, and the way back: what lies over the page goes away by the gesture that goes back.

let over = null; // what takes away what lies over the page
let isLeaving = false; // whether a step back of ours is under way
let waiting = null; // an address to take once nothing lies over the page

/** This page is from now on found under the address. */
export function settle(address) {
  if (over || isLeaving) waiting = address;
  else history.replaceState(null, "", address);
}

/** Something now lies over the page; `onBack` takes it away. */
export function cover(onBack) {
  if (!over && !isLeaving) push();
  over = onBack;
}

/** What lay over the page is gone by other means: the step for it goes too. */
export function uncover() {
  if (over && !isLeaving) {
    isLeaving = true;
    history.back();
  }
  over = null;
}

addEventListener("popstate", () => {
  if (isLeaving) {
    isLeaving = false;
    if (over) push();
    else takeAddress();
  } else if (over) {
    const onBack = over;
    over = null;
    takeAddress();
    onBack();
  }
});

function push() {
  history.pushState({ isCovered: true }, "");
}

function takeAddress() {
  if (waiting) history.replaceState(null, "", waiting);
  waiting = null;
}
