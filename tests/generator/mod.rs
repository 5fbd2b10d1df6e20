//! Random functions `fn f(x: &[f64], a: f64) -> f64`: loops of every form, branches, early exits, mutation, calls, structs, tuples, closures.
//! Every third is generic: `fn f<T: Real>(x: &[T], a: T) -> T`.
//!
//! The text is written once with placeholders: `@F` for the scalar type and `@{1.5}@` for a literal.

mod values;

pub use values::ITEMS;

/// The first functions are differentiated twice; they call none but those before.
pub const TWICE: u64 = 60;

/// Is function `k` generic?
pub fn is_generic(k: u64) -> bool {
    k % 3 == 1
}

/// A function in both versions.
pub struct Function {
    pub real: String,
    pub dual: String,
}

/// Writes function `k`.
pub fn function(seed: u64, k: u64) -> Function {
    let mut writer = Writer {
        random: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1,
        text: String::new(),
        scalars: Vec::new(),
        mutables: Vec::new(),
        vectors: Vec::new(),
        records: Vec::new(),
        index: Vec::new(),
        names: 0,
        depth: 0,
        callees: (0..k)
            .filter(|j| !is_generic(k) || is_generic(*j))
            .collect(),
        in_loop: false,
    };
    writer.body();
    let signature = format!(
        "pub fn fun{k}@G(x: &[@F], a: @F) -> @F {{\n{}}}\n",
        writer.text
    );
    let helper = format!(
        "pub fn aid{k}@G(x: &mut [@F], a: @F) {{\n{}}}\n",
        writer.helper()
    );
    let real = |text: &str| match is_generic(k) {
        true => instance(text, ["<T: Real>", "T", "T::from(", ").unwrap()"]),
        false => instance(text, ["", "f64", "(", "_f64)"]),
    };
    let dual = |text: &str| instance(text, ["", "Dual", "c(", ")"]);
    let attribute = if k < TWICE {
        "#[differentiate(order = 2)]"
    } else {
        "#[differentiate]"
    };
    Function {
        real: format!(
            "{attribute}\n{}{attribute}\n{}",
            real(&signature),
            real(&helper)
        ),
        dual: format!("{}{}", dual(&signature), dual(&helper)),
    }
}

/// The text with generics, the scalar type, and what stands before and after the number in a literal.
fn instance(text: &str, [generics, float, before, after]: [&str; 4]) -> String {
    text.replace("@G", generics)
        .replace("@F", float)
        .replace("@{", before)
        .replace("}@", after)
}

struct Writer {
    random: u64,
    text: String,
    scalars: Vec<String>,
    mutables: Vec<String>,
    vectors: Vec<String>,
    records: Vec<String>,
    index: Vec<String>,
    names: usize,
    depth: usize,
    callees: Vec<u64>,
    in_loop: bool,
}

impl Writer {
    /// A number below `n` (xorshift).
    fn below(&mut self, n: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random >> 11) as usize % n
    }

    fn pick<'s>(&mut self, list: &[&'s str]) -> &'s str {
        list[self.below(list.len())]
    }

    fn one_of(&mut self, list: Vec<String>) -> String {
        let k = self.below(list.len());
        list[k].clone()
    }

    fn name(&mut self, hint: &str) -> String {
        self.names += 1;
        format!("{hint}{}", self.names)
    }

    fn line(&mut self, text: &str) {
        self.text.push_str(&"    ".repeat(self.depth + 1));
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn literal(&mut self) -> String {
        let value = self.pick(&["0.5", "1.25", "-0.75", "2.0", "0.1", "-1.5"]);
        format!("@{{{value}}}@")
    }

    fn position(&mut self) -> String {
        let n = self.below(7);
        if self.index.is_empty() || n < 2 {
            return format!("{n}");
        }
        let index = self.index.clone();
        let index = self.one_of(index);
        if n < 5 {
            index
        } else {
            format!("({index} + {n})")
        }
    }

    fn element(&mut self, vector: &str) -> String {
        let at = self.position();
        format!("{vector}[{at} % {vector}.len()]")
    }

    fn vector(&mut self) -> String {
        let list = self.vectors.clone();
        if list.is_empty() || self.below(3) == 0 {
            return "x".to_owned();
        }
        self.one_of(list)
    }

    fn atom(&mut self) -> String {
        let n = self.below(6);
        let known: Vec<String> = self.scalars.iter().chain(&self.mutables).cloned().collect();
        match n {
            0 => "a".to_owned(),
            1 => self.literal(),
            2 | 3 if !known.is_empty() => self.one_of(known),
            _ => {
                let vector = self.vector();
                self.element(&vector)
            }
        }
    }

    fn expr(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.atom();
        }
        let a = self.expr(depth - 1);
        match self.below(13) {
            0 | 1 => format!("({a} + {})", self.expr(depth - 1)),
            2 => format!("({a} - {})", self.expr(depth - 1)),
            3 | 4 => format!("({a} * {})", self.expr(depth - 1)),
            5 => format!("({a} / (@{{1.5}}@ + {}.sin()))", self.atom_value()),
            6 => format!("(-{a})"),
            7 => {
                let f = self.pick(&["sin", "cos", "tanh", "atan"]);
                format!("({a}).{f}()")
            }
            8 => format!("(({a}).tanh() * ({a}).sin()).exp()"),
            9 => {
                let n = self.pick(&["2", "3"]);
                format!("({a}).sin().powi({n})")
            }
            10 => {
                let f = self.pick(&["max", "min", "hypot"]);
                format!("({a}).{f}({} + @{{0.37}}@)", self.atom_value())
            }
            11 => format!("({a}).cos().mul_add({}, {})", self.atom(), self.atom()),
            _ => format!(
                "if {} {{ {a} }} else {{ {} }}",
                self.condition(),
                self.expr(depth - 1)
            ),
        }
    }

    fn atom_value(&mut self) -> String {
        let atom = self.atom();
        format!("({atom})")
    }

    /// A value that cannot grow.
    fn tame(&mut self) -> String {
        let depth = 1 + self.below(2);
        let e = self.expr(depth);
        let f = self.pick(&["sin", "tanh", "cos"]);
        if self.below(3) == 0 {
            format!("({e})")
        } else {
            format!("({e}).{f}()")
        }
    }

    fn condition(&mut self) -> String {
        let (a, b) = (self.atom(), self.atom());
        match self.below(4) {
            0 => format!("{a} > {b}"),
            1 => format!("{a} * {b} < @{{0.3}}@"),
            2 => format!("{a} > @{{0.0}}@ && {b} < @{{1.0}}@"),
            _ => {
                let n = self.position();
                format!("{n} % 3 != 1 || {a} < {b}")
            }
        }
    }

    /// A block with what it declares forgotten afterwards.
    fn block(&mut self, write: impl FnOnce(&mut Self)) {
        let lens = (
            self.scalars.len(),
            self.mutables.len(),
            self.vectors.len(),
            self.index.len(),
            self.records.len(),
        );
        self.depth += 1;
        write(self);
        self.depth -= 1;
        self.scalars.truncate(lens.0);
        self.mutables.truncate(lens.1);
        self.vectors.truncate(lens.2);
        self.index.truncate(lens.3);
        self.records.truncate(lens.4);
    }

    fn statements(&mut self) {
        let n = 1 + self.below(3);
        for _ in 0..n {
            self.statement();
        }
    }

    fn statement(&mut self) {
        let nested = self.depth < 3;
        match self.below(23) {
            0 | 1 => self.let_scalar(),
            2 => self.let_mutable(),
            3 => self.let_vector(),
            4..=6 => self.assign(),
            7 | 8 => self.write_element(),
            9 if nested => self.branch(),
            10..=12 if nested => self.counted(),
            13 if nested => self.over_items(),
            14 if nested => self.while_loop(),
            15 => self.call(),
            16 => self.structural(),
            17 => self.record(),
            18 => self.update_record(),
            19 => self.tuple(),
            20 => self.closure(),
            21 => self.choice(),
            _ => self.exit(),
        }
    }

    fn let_scalar(&mut self) {
        let value = self.tame();
        let name = self.name("s");
        self.line(&format!("let {name} = {value};"));
        self.scalars.push(name);
    }

    fn let_mutable(&mut self) {
        let value = self.tame();
        let name = self.name("m");
        self.line(&format!("let mut {name} = {value};"));
        self.mutables.push(name);
    }

    fn let_vector(&mut self) {
        let name = self.name("v");
        let (e, f) = (self.tame(), self.tame());
        let value = match self.below(5) {
            0 => "x.to_vec()".to_owned(),
            1 => format!("vec![{e}; 4]"),
            2 => format!("vec![{e}, {f}, a]"),
            3 => format!("x.iter().map(|t| (*t * {e}).sin()).collect::<Vec<_>>()"),
            _ => format!("vec![@{{0.0}}@; {}]", 2 + self.below(4)),
        };
        self.line(&format!("let mut {name} = {value};"));
        self.vectors.push(name);
    }

    fn assign(&mut self) {
        let list = self.mutables.clone();
        if list.is_empty() {
            return self.let_mutable();
        }
        let name = self.one_of(list);
        let value = self.tame();
        match self.below(5) {
            0 => self.line(&format!("{name} += {value};")),
            1 => self.line(&format!("{name} -= {value};")),
            2 => self.line(&format!("{name} *= {value};")),
            3 => self.line(&format!("{name} /= @{{1.5}}@ + ({value}).sin();")),
            _ => self.line(&format!("{name} = {value};")),
        }
    }

    fn write_element(&mut self) {
        let list = self.vectors.clone();
        if list.is_empty() {
            return self.let_vector();
        }
        let vector = self.one_of(list);
        let at = self.name("i");
        let position = self.position();
        self.line(&format!("let {at} = {position} % {vector}.len();"));
        let value = self.tame();
        let op = self.pick(&["=", "+=", "-=", "*=", "="]);
        if op == "=" {
            return self.line(&format!("{vector}[{at}] = {value};"));
        }
        let name = self.name("s");
        self.line(&format!("let {name} = {value};"));
        self.line(&format!("{vector}[{at}] {op} {name};"));
    }

    fn branch(&mut self) {
        let condition = self.condition();
        self.line(&format!("if {condition} {{"));
        self.block(Self::statements);
        if self.below(2) == 0 {
            self.line("} else {");
            self.block(Self::statements);
        }
        self.line("}");
    }

    fn counted(&mut self) {
        let i = self.name("i");
        let n = 2 + self.below(3);
        let range = match self.below(6) {
            0 => format!("0..{n}"),
            1 => format!("1..={n}"),
            2 => format!("(0..{n}).rev()"),
            3 => "(0..x.len()).step_by(2)".to_owned(),
            4 => "(0..x.len()).rev().step_by(2)".to_owned(),
            _ => "0..x.len()".to_owned(),
        };
        self.looped(&format!("for {i} in {range} {{"), |w| w.index.push(i));
    }

    fn looped(&mut self, head: &str, bind: impl FnOnce(&mut Self)) {
        self.line(head);
        let outer = std::mem::replace(&mut self.in_loop, true);
        self.block(|w| {
            bind(w);
            w.statements();
        });
        self.in_loop = outer;
        self.line("}");
    }

    fn over_items(&mut self) {
        let (e, i) = (self.name("e"), self.name("i"));
        match self.below(6) {
            0 => self.looped(&format!("for &{e} in x {{"), |w| w.scalars.push(e)),
            1 => self.looped(
                &format!("for ({i}, &{e}) in x.iter().enumerate() {{"),
                |w| {
                    w.scalars.push(e);
                    w.index.push(i);
                },
            ),
            2 => self.looped(&format!("for {e} in x.windows(2) {{"), |w| {
                w.scalars.push(format!("{e}[0]"));
                w.scalars.push(format!("{e}[1]"));
            }),
            3 => self.looped(
                &format!("for ({e}, {i}) in x.iter().zip(x.iter().rev()) {{"),
                |w| {
                    w.scalars.push(format!("(*{e})"));
                    w.scalars.push(format!("(*{i})"));
                },
            ),
            4 => self.looped(&format!("for {e} in x.chunks(2) {{"), |w| {
                w.scalars.push(format!("{e}[0]"))
            }),
            _ => self.update_items(),
        }
    }

    fn update_items(&mut self) {
        let Some(vector) = self.vectors.pop() else {
            return;
        };
        let e = self.name("e");
        let value = self.tame();
        self.line(&format!("for {e} in {vector}.iter_mut() {{"));
        self.line(&format!("    *{e} = *{e} * {value};"));
        self.line("}");
        self.vectors.push(vector);
    }

    fn while_loop(&mut self) {
        let n = self.name("n");
        let condition = self.condition();
        self.line(&format!("let mut {n} = 0;"));
        self.looped(&format!("while {n} < 3 && ({condition}) {{"), |w| {
            w.line(&format!("{n} += 1;"));
        });
    }

    fn call(&mut self) {
        if self.callees.is_empty() {
            return self.let_scalar();
        }
        let at = self.below(self.callees.len());
        let k = self.callees[at];
        let value = self.tame();
        let list = self.vectors.clone();
        if self.below(2) == 0 && !list.is_empty() {
            let vector = self.one_of(list);
            let part = self.pick(&["", "[1..]", "[..2]"]);
            let name = self.name("s");
            self.line(&format!("let {name} = {value};"));
            return self.line(&format!("aid{k}(&mut {vector}{part}, {name});"));
        }
        let name = self.name("s");
        self.line(&format!("let {name} = fun{k}(x, ({value}).tanh()).sin();"));
        self.scalars.push(name);
    }

    fn structural(&mut self) {
        let list = self.vectors.clone();
        if list.is_empty() {
            return self.let_vector();
        }
        let vector = self.one_of(list);
        let value = self.tame();
        match self.below(6) {
            0 => self.line(&format!("{vector}.push({value});")),
            1 => {
                let name = self.name("s");
                self.line(&format!("let {name} = {value};"));
                self.line(&format!("{vector}.fill({name});"));
            }
            2 => self.line(&format!("{vector}.swap(0, 1);")),
            3 => self.line(&format!("{vector}.reverse();")),
            4 => {
                let name = self.name("v");
                self.line(&format!("let mut {name} = {vector}.clone();"));
                self.line(&format!("std::mem::swap(&mut {name}, &mut {vector});"));
                self.vectors.push(name);
            }
            _ => {
                let name = self.name("s");
                self.line(&format!(
                    "let {name} = {vector}.iter().map(|t| *t * *t).sum::<@F>().sin();"
                ));
                self.scalars.push(name);
            }
        }
    }

    fn exit(&mut self) {
        let condition = self.condition();
        let value = self.tame();
        let jump = match self.below(4) {
            0 if self.in_loop => "break".to_owned(),
            1 if self.in_loop => "continue".to_owned(),
            2 if self.depth > 0 => format!("return {value}"),
            _ => return self.let_scalar(),
        };
        self.line(&format!("if {condition} {{"));
        self.line(&format!("    {jump};"));
        self.line("}");
    }

    fn body(&mut self) {
        let n = 3 + self.below(5);
        for _ in 0..n {
            self.statement();
        }
        let mut result = self.tame();
        for known in self.scalars.iter().chain(&self.mutables) {
            result = format!("{result} + {known}");
        }
        for vector in &self.vectors {
            result = format!("{result} + {vector}[0] * {vector}[1]");
        }
        for record in &self.records {
            result = format!("{result} + {record}.p * {record}.q");
        }
        self.line(&format!("({result}).tanh() + a * x[0]"));
    }

    /// The body of a function that changes a slice in place.
    fn helper(&mut self) -> String {
        self.text.clear();
        (self.scalars, self.mutables) = (Vec::new(), Vec::new());
        (self.vectors, self.index) = (vec!["x".to_owned()], Vec::new());
        self.records.clear();
        for _ in 0..3 {
            match self.below(3) {
                0 => self.write_element(),
                1 => self.let_scalar(),
                _ => {
                    let i = self.name("i");
                    let (value, op) = (self.tame(), self.pick(&["=", "*=", "+="]));
                    self.line(&format!("for {i} in 0..x.len() {{"));
                    self.line(&format!(
                        "    let t = ({value} + x[x.len() - 1 - {i}]).sin();"
                    ));
                    self.line(&format!("    x[{i}] {op} t;"));
                    self.line("}");
                }
            }
        }
        self.write_element();
        self.line("x[0] += a;");
        std::mem::take(&mut self.text)
    }
}
