//! Methods of matrices as functions of other ones, operation for operation as nalgebra computes them.
//!
//! A parameter `f` is a function. What is lent may be written as it is: `a.dot(b)`.

/// The name of a method, and a closure of its receiver and its arguments.
pub type Definition = (&'static str, &'static str);

macro_rules! definitions {
    ($($name:ident |$($x:ident),*| $body:block)*) => {
        &[$((stringify!($name), concat!("|", $(stringify!($x), ",",)* "| ", stringify!($body)))),*]
    };
}

/// Those that only read.
pub const METHODS: &[Definition] = definitions! {
    cap_magnitude |v, most| {
        let n = v.norm();
        if n > most { v.scale(most / n) } else { v.clone_owned() }
    }
    try_normalize |v, least| {
        let n = v.norm();
        if n <= least { None } else { Some(v.unscale(n)) }
    }
    slerp |v, w, t| {
        let a = v.normalize();
        let b = w.normalize();
        let cosine = a.dot(&b);
        let sine = (1.0 - cosine * cosine).sqrt();
        if cosine >= 1.0 || sine == 0.0 {
            a
        } else {
            let angle = cosine.acos();
            let mut y = a.scale(((1.0 - t) * angle).sin() / sine);
            y.axpy((t * angle).sin() / sine, &b, 1.0);
            y
        }
    }
    lerp |a, b, t| {
        let rest = 1.0 - t;
        let mut y = a.clone();
        for i in 0..a.len() {
            y[i] = if rest == 0.0 { t * b[i] } else { t * b[i] + rest * a[i] };
        }
        y
    }
    one_norm |m| {
        let mut most = 0.0;
        for j in 0..m.ncols() {
            let mut sum = 0.0;
            for i in 0..m.nrows() {
                sum += m[(i, j)].abs();
            }
            most = most.max(sum);
        }
        most
    }
    product |m| {
        let mut y = 1.0;
        for j in 0..m.ncols() {
            for i in 0..m.nrows() {
                y *= m[(i, j)];
            }
        }
        y
    }
    row_product |m| {
        let mut y = m.row_sum().map(|_| 1.0);
        for j in 0..m.ncols() {
            for i in 0..m.nrows() {
                y[j] *= m[(i, j)];
            }
        }
        y
    }
    row_product_tr |m| {
        let mut y = m.row_sum_tr().map(|_| 1.0);
        for j in 0..m.ncols() {
            for i in 0..m.nrows() {
                y[j] *= m[(i, j)];
            }
        }
        y
    }
    column_product |m| {
        let mut y = m.column_sum().map(|_| 1.0);
        for j in 0..m.ncols() {
            for i in 0..m.nrows() {
                y[i] *= m[(i, j)];
            }
        }
        y
    }
    argmax |v| {
        let mut at = 0;
        for i in 1..v.nrows() {
            if v[i] > v[at] {
                at = i;
            }
        }
        (at, v[at])
    }
    argmin |v| {
        let mut at = 0;
        for i in 1..v.nrows() {
            if v[i] < v[at] {
                at = i;
            }
        }
        (at, v[at])
    }
    map_diagonal |m, f| { m.diagonal().map(f) }
    zip_fold |a, b, first, f| {
        let mut so_far = first;
        for j in 0..a.ncols() {
            for i in 0..a.nrows() {
                so_far = f(so_far, a[(i, j)], b[(i, j)]);
            }
        }
        so_far
    }
    apply_into |m, f| {
        let mut y = m.clone_owned();
        y.apply(f);
        y
    }
    inf_sup |a, b| { (a.inf(b), a.sup(b)) }
    to_scalar |m| { m[(0, 0)] }
    into_scalar |m| { m[(0, 0)] }
    as_scalar |m| { m[(0, 0)] }
    pow |m, exponent| {
        let mut y = m.clone_owned();
        if exponent == 0 {
            y.fill_with_identity();
        } else if exponent > 1 {
            let mut rest = exponent;
            if rest % 2 == 0 {
                y.fill_with_identity();
            } else {
                rest -= 1;
            }
            let mut power = m.clone_owned();
            while rest > 0 {
                if rest % 2 == 1 {
                    y = &y * &power;
                }
                rest /= 2;
                if rest > 0 {
                    power = &power * &power;
                }
            }
        }
        y
    }
    append_scaling |m, s| {
        let mut y = m.clone_owned();
        y.append_scaling_mut(s);
        y
    }
    prepend_scaling |m, s| {
        let mut y = m.clone_owned();
        y.prepend_scaling_mut(s);
        y
    }
    append_nonuniform_scaling |m, s| {
        let mut y = m.clone_owned();
        y.append_nonuniform_scaling_mut(s);
        y
    }
    prepend_nonuniform_scaling |m, s| {
        let mut y = m.clone_owned();
        y.prepend_nonuniform_scaling_mut(s);
        y
    }
    append_translation |m, shift| {
        let mut y = m.clone_owned();
        y.append_translation_mut(shift);
        y
    }
    prepend_translation |m, shift| {
        let mut y = m.clone_owned();
        y.prepend_translation_mut(shift);
        y
    }
    transform_vector |m, v| {
        let n = m.nrows() - 1;
        let mut w = m[(n, 0)] * v[0];
        for j in 1..n {
            w += m[(n, j)] * v[j];
        }
        let from = if w != 0.0 { v.unscale(w) } else { v.clone_owned() };
        let mut y = v.clone_owned();
        for i in 0..n {
            let mut sum = m[(i, 0)] * from[0];
            for j in 1..n {
                sum += m[(i, j)] * from[j];
            }
            y[i] = sum;
        }
        y
    }
    transform_point |m, p| {
        let n = m.nrows() - 1;
        let mut w = m[(n, 0)] * p[0];
        for j in 1..n {
            w += m[(n, j)] * p[j];
        }
        w += m[(n, n)];
        let mut y = p.clone();
        for i in 0..n {
            let mut sum = m[(i, 0)] * p[0];
            for j in 1..n {
                sum += m[(i, j)] * p[j];
            }
            sum += m[(i, n)];
            y[i] = if w != 0.0 { sum / w } else { sum };
        }
        y
    }
};

/// Those that change the receiver.
pub const CHANGES: &[Definition] = definitions! {
    set_magnitude |v, magnitude| {
        let n = v.norm();
        v.scale_mut(magnitude / n);
    }
    try_set_magnitude |v, magnitude, least| {
        let n = v.norm();
        if n > least {
            v.scale_mut(magnitude / n);
        }
    }
    try_normalize_mut |v, least| {
        let n = v.norm();
        if n <= least {
            None
        } else {
            v.unscale_mut(n);
            Some(n)
        }
    }
    axcpy |y, a, x, c, b| {
        for i in 0..y.nrows() {
            let product = a * x[i] * c;
            y[i] = if b == 0.0 { product } else { product + b * y[i] };
        }
    }
    zip_zip_apply |a, b, c, f| {
        for j in 0..a.ncols() {
            for i in 0..a.nrows() {
                f(&mut a[(i, j)], b[(i, j)], c[(i, j)]);
            }
        }
    }
    cmpy |y, alpha, a, b, beta| {
        for j in 0..y.ncols() {
            for i in 0..y.nrows() {
                let product = alpha * (a[(i, j)] * b[(i, j)]);
                y[(i, j)] = if beta == 0.0 { product } else { beta * y[(i, j)] + product };
            }
        }
    }
    cdpy |y, alpha, a, b, beta| {
        for j in 0..y.ncols() {
            for i in 0..y.nrows() {
                let quotient = alpha * (a[(i, j)] / b[(i, j)]);
                y[(i, j)] = if beta == 0.0 { quotient } else { beta * y[(i, j)] + quotient };
            }
        }
    }
    fill_with |m, f| {
        for j in 0..m.ncols() {
            for i in 0..m.nrows() {
                m[(i, j)] = f();
            }
        }
    }
    fill_lower_triangle |m, value, shift| {
        for j in 0..m.ncols() {
            for i in j + shift..m.nrows() {
                m[(i, j)] = value;
            }
        }
    }
    fill_upper_triangle |m, value, shift| {
        for j in shift..m.ncols() {
            for i in 0..(j + 1 - shift).min(m.nrows()) {
                m[(i, j)] = value;
            }
        }
    }
    fill_lower_triangle_with_upper_triangle |m| {
        for j in 0..m.ncols() {
            for i in j + 1..m.nrows() {
                m[(i, j)] = m[(j, i)];
            }
        }
    }
    fill_upper_triangle_with_lower_triangle |m| {
        for j in 1..m.ncols() {
            for i in 0..j {
                m[(i, j)] = m[(j, i)];
            }
        }
    }
    set_partial_diagonal |m, values| {
        let n = m.nrows().min(m.ncols());
        for (i, value) in values.take(n).enumerate() {
            m[(i, i)] = value;
        }
    }
    swap |m, a, b| {
        let before = m[a];
        m[a] = m[b];
        m[b] = before;
    }
    pow_mut |m, exponent| {
        let y = m.pow(exponent);
        m.copy_from(&y);
    }
    try_inverse_mut |m| {
        let (found, y) = match m.try_inverse() {
            Some(y) => (true, y),
            None => (false, m.clone_owned()),
        };
        m.copy_from(&y);
        found
    }
    quadform |y, alpha, mid, right, beta| {
        for j in 0..right.ncols() {
            let product = mid * right.column(j);
            y.column_mut(j).gemv_tr(alpha, right, &product, beta);
        }
    }
    quadform_tr |y, alpha, left, mid, beta| {
        for j in 0..mid.ncols() {
            let product = left * mid.column(j);
            y.ger(alpha, &product, &left.column(j), if j == 0 { beta } else { 1.0 });
        }
    }
    syger |m, alpha, x, y, beta| {
        for j in 0..m.ncols() {
            for i in j..m.nrows() {
                let product = alpha * y[j] * x[i];
                m[(i, j)] = if beta == 0.0 { product } else { product + beta * m[(i, j)] };
            }
        }
    }
    sygemv |y, alpha, a, x, beta| {
        for i in 0..y.nrows() {
            let product = alpha * x[0] * a[(i, 0)];
            y[i] = if beta == 0.0 { product } else { product + beta * y[i] };
        }
        for j in 0..y.nrows() {
            let first = if j == 0 { 1 } else { j };
            let n = y.nrows() - first;
            y[j] += alpha * a.view((first, j), (n, 1)).dot(&x.rows(first, n));
            if j > 0 {
                for i in j + 1..y.nrows() {
                    y[i] += alpha * x[j] * a[(i, j)];
                }
            }
        }
    }
    append_scaling_mut |m, s| {
        let n = m.nrows() - 1;
        m.rows_mut(0, n).scale_mut(s);
    }
    prepend_scaling_mut |m, s| {
        let n = m.ncols() - 1;
        m.columns_mut(0, n).scale_mut(s);
    }
    append_nonuniform_scaling_mut |m, s| {
        for i in 0..s.len() {
            m.row_mut(i).scale_mut(s[i]);
        }
    }
    prepend_nonuniform_scaling_mut |m, s| {
        for i in 0..s.len() {
            m.column_mut(i).scale_mut(s[i]);
        }
    }
    append_translation_mut |m, shift| {
        let n = m.nrows() - 1;
        for i in 0..m.ncols() {
            for j in 0..n {
                m[(j, i)] += shift[j] * m[(n, i)];
            }
        }
    }
    prepend_translation_mut |m, shift| {
        let n = m.nrows() - 1;
        let mut last = m[(n, 0)] * shift[0];
        for j in 1..n {
            last += m[(n, j)] * shift[j];
        }
        m[(n, n)] += last;
        for i in 0..n {
            let mut moved = m[(i, 0)] * shift[0];
            for j in 1..n {
                moved += m[(i, j)] * shift[j];
            }
            m[(i, n)] += moved;
        }
    }
};

/// Associated functions of matrix types.
pub const CONSTRUCTORS: &[Definition] = definitions! {
    new_scaling |s| {
        let mut m = Self::from_diagonal_element(s);
        let last = m.nrows() - 1;
        m[(last, last)] = 1.0;
        m
    }
    new_nonuniform_scaling |s| {
        let mut m = Self::identity();
        for i in 0..s.len() {
            m[(i, i)] = s[i];
        }
        m
    }
    new_nonuniform_scaling_wrt_point |s, p| {
        let mut m = Self::identity();
        let last = m.nrows() - 1;
        for i in 0..last {
            m[(i, i)] = s[i];
            m[(i, last)] = p[i] - p[i] * s[i];
        }
        m
    }
    new_translation |shift| {
        let mut m = Self::identity();
        let last = m.ncols() - 1;
        for i in 0..last {
            m[(i, last)] = shift[i];
        }
        m
    }
    new_perspective |aspect, fovy, znear, zfar| {
        let mut m = Self::identity();
        m[(1, 1)] = 1.0 / (fovy / 2.0).tan();
        m[(0, 0)] = m[(1, 1)] / aspect;
        m[(2, 2)] = (zfar + znear) / (znear - zfar);
        m[(2, 3)] = zfar * znear * 2.0 / (znear - zfar);
        m[(3, 3)] = 0.0;
        m[(3, 2)] = -1.0;
        m
    }
    new_orthographic |left, right, bottom, top, znear, zfar| {
        let mut m = Self::identity();
        m[(0, 0)] = 2.0 / (right - left);
        m[(0, 3)] = -(right + left) / (right - left);
        m[(1, 1)] = 2.0 / (top - bottom);
        m[(1, 3)] = -(top + bottom) / (top - bottom);
        m[(2, 2)] = -2.0 / (zfar - znear);
        m[(2, 3)] = -(zfar + znear) / (zfar - znear);
        m
    }
    from_scaled_axis |axis| { rt::matrix::Rotation3::from_scaled_axis(axis).to_homogeneous() }
    from_euler_angles |roll, pitch, yaw| {
        rt::matrix::Rotation3::from_euler_angles(roll, pitch, yaw).to_homogeneous()
    }
    from_axis_angle |axis, angle| { rt::matrix::Rotation3::from_axis_angle(axis, angle).to_homogeneous() }
    face_towards |eye, target, up| {
        rt::matrix::IsometryMatrix3::face_towards(eye, target, up).to_homogeneous()
    }
    look_at_rh |eye, target, up| {
        rt::matrix::IsometryMatrix3::look_at_rh(eye, target, up).to_homogeneous()
    }
    look_at_lh |eye, target, up| {
        rt::matrix::IsometryMatrix3::look_at_lh(eye, target, up).to_homogeneous()
    }
    ith |i, value| {
        let mut v = Self::zeros();
        v[i] = value;
        v
    }
    from_partial_diagonal |values| {
        let mut m = Self::zeros();
        for (i, value) in values.iter().enumerate() {
            m[(i, i)] = *value;
        }
        m
    }
};

/// Those that mean another thing in the plane than in space.
pub const OF_PLANE: &[Definition] = definitions! {
    new_rotation |angle| {
        let (sin, cos) = angle.sin_cos();
        let mut m = Self::identity();
        m[(0, 0)] = cos;
        m[(0, 1)] = -sin;
        m[(1, 0)] = sin;
        m[(1, 1)] = cos;
        m
    }
};

/// The same in space.
pub const OF_SPACE: &[Definition] = definitions! {
    new_rotation |axis| { rt::matrix::Rotation3::new(axis).to_homogeneous() }
};

/// Associated functions of points. Zero is what is its own opposite: a literal would have to be told its type.
pub const OF_POINTS: &[Definition] = definitions! {
    from_homogeneous |v| {
        let mut p = Self::origin();
        let n = p.len();
        if v[n] == -v[n] {
            None
        } else {
            for i in 0..n {
                p[i] = v[i] / v[n];
            }
            Some(p)
        }
    }
};

/// The same of vectors.
pub const OF_VECTORS: &[Definition] = definitions! {
    from_homogeneous |v| {
        let mut y = Self::zeros();
        let n = y.len();
        if v[n] == -v[n] {
            for i in 0..n {
                y[i] = v[i];
            }
            Some(y)
        } else {
            None
        }
    }
};

/// Free functions of nalgebra.
pub const FUNCTIONS: &[Definition] = definitions! {
    center |p, q| {
        let mut middle = p.clone();
        for i in 0..p.len() {
            middle[i] = (p[i] + q[i]) * 0.5;
        }
        middle
    }
    clamp |x, low, high| {
        if x > low {
            if x < high { x } else { high }
        } else {
            low
        }
    }
    distance |p, q| { (q - p).norm() }
    distance_squared |p, q| { (q - p).norm_squared() }
};

/// `m.apply_norm(&UniformNorm)`
pub const NORMS: &[Definition] = definitions! {
    EuclideanNorm |m| { m.norm() }
    LpNorm |m, p| { m.lp_norm(p) }
    OneNorm |m| { m.one_norm() }
    UniformNorm |m| {
        let mut most = 0.0;
        for j in 0..m.ncols() {
            for i in 0..m.nrows() {
                most = most.max(m[(i, j)].abs());
            }
        }
        most
    }
};

/// `a.apply_metric_distance(&b, &UniformNorm)`
pub const DISTANCES: &[Definition] = definitions! {
    EuclideanNorm |a, b| { a.metric_distance(b) }
    LpNorm |a, b, p| { (a - b).lp_norm(p) }
    OneNorm |a, b| { (a - b).one_norm() }
    UniformNorm |a, b| { (a - b).apply_norm(UniformNorm) }
};
