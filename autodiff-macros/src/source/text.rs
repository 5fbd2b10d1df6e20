//! Where names stand in the text of a file.

/// Is there a definition of the type in the text?
pub fn defines(text: &str, name: &str) -> bool {
    let keywords = ["struct", "enum", "union"];
    occurrences(text, name).any(|k| keywords.iter().any(|word| follows(text, k, word)))
}

/// Where a name occurs as a word, outside of comments of one line.
pub fn occurrences<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    text.match_indices(name).map(|(k, _)| k).filter(move |&k| {
        let line = text[..k].rsplit('\n').next().unwrap_or_default();
        let whole = !ends_in_word(&text[..k]) && !text[k + name.len()..].starts_with(is_of_word);
        whole && !line.trim_start().starts_with("//")
    })
}

/// Is the word before this position that one?
pub fn follows(text: &str, position: usize, word: &str) -> bool {
    let before = text[..position].trim_end();
    let rest = before.strip_suffix(word);
    before.len() < position && rest.is_some_and(|rest| !ends_in_word(rest))
}

/// Does the last word go on after the text?
pub fn ends_in_word(text: &str) -> bool {
    text.ends_with(is_of_word)
}

/// May the character be part of a word?
pub fn is_of_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// The `use` statements, without what makes them public, and where they stand.
pub fn statements(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let starts = occurrences(text, "use").filter(|&k| {
        let line = text[..k].rsplit('\n').next().unwrap_or_default().trim();
        line.is_empty() || line.starts_with("pub")
    });
    starts.filter_map(|k| {
        let end = text[k..].find(';')?;
        Some((k, &text[k..=k + end]))
    })
}

/// What stands between the end of the item before and this position, attributes among it.
pub fn before(text: &str, position: usize) -> &str {
    let ends = |(k, c): &(usize, char)| matches!(c, '}' | ';') && !is_in_comment(text, *k);
    let mut back = text[..position].char_indices().rev();
    let start = back.find(ends).map_or(0, |(k, _)| k + 1);
    &text[start..position]
}

fn is_in_comment(text: &str, position: usize) -> bool {
    let line = text[..position].rsplit('\n').next();
    line.is_some_and(|line| line.contains("//"))
}

/// Where the lines begin.
pub fn lines(text: &str) -> Vec<usize> {
    let ends = text.match_indices('\n').map(|(at, _)| at + 1);
    [0].into_iter().chain(ends).collect()
}

/// Where the modules of a file begin and end, outer ones first.
pub fn modules(text: &str) -> Vec<(usize, usize)> {
    let begins = |k: &usize| {
        let rest = text[k + "mod".len()..].trim_start();
        let rest = rest.trim_start_matches(is_of_word).trim_start();
        rest.starts_with('{')
    };
    let starts = occurrences(text, "mod").filter(begins);
    starts.filter_map(|k| Some((k, end_of(text, k)?))).collect()
}

/// Where the item that this position is in the head of ends: at its semicolon or its last brace.
pub fn end_of(text: &str, position: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut rest = position;
    while rest < text.len() {
        if text[rest..].starts_with("//") {
            rest += text[rest..].find('\n')?;
            continue;
        }
        let c = text[rest..].chars().next()?;
        rest += c.len_utf8();
        match c {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 && c == '}' {
                    return Some(rest);
                }
            }
            ';' if depth == 0 => return Some(rest),
            _ => {}
        }
    }
    None
}
