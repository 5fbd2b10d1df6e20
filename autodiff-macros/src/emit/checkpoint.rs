//! Loops that keep some of their states, and their reverses, which run the rest of the iterations again.
//!
//! ```text
//! let mut states = Checkpoints::known(range.count(), slots);
//! for (at, i) in range.enumerate() {
//!     if states.keeps(at) { states.keep(state); }
//!     body
//! }
//! states.finish();
//! ```

use super::Emitter;
use crate::ir::{Checkpoint, DerivedStmt};
use proc_macro2::TokenStream;

impl Emitter<'_> {
    /// The loop. The schedule knows beforehand how many iterations there are unless the loop may end early.
    pub(super) fn keeping(&self, stmt: &DerivedStmt) -> TokenStream {
        let DerivedStmt::ForKeeping {
            checkpoint,
            slots,
            var,
            range,
            body,
            exit,
        } = stmt
        else {
            return TokenStream::new();
        };
        let rt = self.rt;
        let (record, keep) = (self.name(checkpoint.record), self.keep(checkpoint));
        let (name, range, body) = (self.name(*var), self.range(range), self.block(body));
        let slots = match slots {
            Some(slots) => {
                let slots = self.operand(slots);
                hygienic!(#rt::Some(#slots))
            }
            None => hygienic!(#rt::None),
        };
        let leave = exit.map(|e| {
            let exit = self.name(e);
            hygienic!(if #exit { break; })
        });
        let states = match exit {
            Some(_) => hygienic!(#rt::Checkpoints::unknown(#slots)),
            None => hygienic!(#rt::Checkpoints::known(#rt::Iterator::count(#range), #slots)),
        };
        hygienic! {
            let mut #record = #states;
            for (checkpoint_at, #name) in #rt::Iterator::enumerate(#range) {
                if #record.keeps(checkpoint_at) { #keep }
                #body
                #leave
            }
            #record.finish();
        }
    }

    /// Its reverse.
    pub(super) fn restoring(&self, stmt: &DerivedStmt) -> TokenStream {
        let DerivedStmt::ForRestoring {
            checkpoint,
            restore,
            var,
            range,
            advance,
            reverse,
        } = stmt
        else {
            return TokenStream::new();
        };
        let (rt, record, keep) = (self.rt, self.name(checkpoint.record), self.keep(checkpoint));
        let (state, restore) = (self.recorded(&checkpoint.values), self.block(restore));
        let (name, range) = (self.name(*var), self.range(range));
        let (advance, reverse) = (self.block(advance), self.block(reverse));
        let iteration = |body: TokenStream| {
            hygienic! {
                if let #rt::Some(#name) = #rt::Iterator::nth(&mut (#range), checkpoint_at) { #body }
            }
        };
        let (advance, reverse) = (iteration(advance), iteration(reverse));
        hygienic! {
            while let #rt::Some(action) = #record.next_action() {
                match action {
                    #rt::Action::Restore => {
                        let #state = #record.state();
                        #restore
                    }
                    #rt::Action::Keep => { #keep }
                    #rt::Action::Advance(checkpoint_at) => { #advance }
                    #rt::Action::Reverse(checkpoint_at) => { #reverse }
                }
            }
        }
    }

    fn keep(&self, checkpoint: &Checkpoint) -> TokenStream {
        let (record, block) = (self.name(checkpoint.record), self.block(&checkpoint.keep));
        let state = self.record(&checkpoint.values);
        hygienic!(#block #record.keep(#state);)
    }
}
